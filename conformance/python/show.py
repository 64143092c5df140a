"""Values and exceptions as text that is the same in every run, for answers and comparisons.

`repr` with three differences: sets are sorted, what has an address in its repr is shown by its URI, and
exceptions show their attributes.
"""

import io

from dialect import Proxy, URI, SerializedBlob


def show(value):
    """The value as text."""
    kind = type(value)
    if kind is list:
        return "[%s]" % ", ".join(map(show, value))
    if kind is tuple:
        return "(%s%s)" % (", ".join(map(show, value)), "," if len(value) == 1 else "")
    if kind is dict:
        return "{%s}" % ", ".join("%s: %s" % (show(key), show(item)) for key, item in value.items())
    if kind in (set, frozenset):
        items = "{%s}" % ", ".join(sorted(map(show, value))) if value else "set()"
        return items if kind is set else "frozenset(%s)" % items
    if isinstance(value, Proxy):
        return "<Proxy %s>" % value._pyroUri
    if isinstance(value, URI):
        return "<URI %s>" % value
    if isinstance(value, SerializedBlob):
        return "<SerializedBlob %s>" % show(value.info)
    if isinstance(value, BaseException):
        return repr(value) + (" %s" % show(attributes(value)) if attributes(value) else "")
    if isinstance(value, io.IOBase) or (hasattr(value, "__next__") and hasattr(value, "__iter__")):
        return "<%s>" % kind.__name__
    return repr(value)


def describe(value):
    """The type and the text of a value."""
    return "%s|%s" % (type(value).__name__, show(value))


def attributes(error):
    """What an exception carries beside its arguments, except for what Pyro itself, or Ferropyro, attaches."""
    return {name: item for name, item in sorted(vars(error).items())
            if not name.startswith(("_pyro", "_ferropyro"))}


def error(error):
    """An exception as the answer to a command."""
    kind = type(error)
    name = kind.__name__ if kind.__module__ == "builtins" else "%s.%s" % (kind.__module__, kind.__name__)
    return {
        "class": name,
        "text": str(error),
        "args": show(list(error.args)),
        "attributes": show(attributes(error)),
        "traceback": bool("".join(getattr(error, "_pyroTraceback", None) or ())),
    }
