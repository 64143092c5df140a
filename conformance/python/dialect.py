"""The genuine Pyro that a script runs on, under one set of names for both.

`--pyro 4` or `--pyro 5` on the command line decides. It is read here, before the script's own options,
because classes are decorated while they are imported; and so is `--config`, which sets items of Pyro's
configuration. The names are those of Pyro5.
"""

import argparse
import ast

parser = argparse.ArgumentParser(add_help=False)
parser.add_argument("--pyro", type=int, choices=(4, 5), required=True, help="which genuine Pyro to run on")
parser.add_argument("--config", action="append", default=[], metavar="ITEM=VALUE",
                    help="a setting of Pyro, its value a Python literal")
_options = parser.parse_known_args()[0]
VERSION = _options.pyro

if VERSION == 4:
    from Pyro4 import (Daemon, Proxy, URI, batch, behavior, callback, config, current_context,  # noqa: F401
                       errors, expose, oneway, resolve, locateNS as locate_ns)
    from Pyro4 import message as protocol  # noqa: F401
    from Pyro4.core import SerializedBlob  # noqa: F401
    from Pyro4.naming import startNS as start_ns  # noqa: F401
    from Pyro4.util import SerializerBase, get_serializer_by_id

    config.SERIALIZERS_ACCEPTED = {"serpent", "json", "marshal", "msgpack"}

    def serializer_name(serializer_id):
        """The name of a serializer by its number on the wire."""
        return type(get_serializer_by_id(serializer_id)).__name__.replace("Serializer", "").lower()
else:
    from Pyro5.api import (Daemon, Proxy, URI, BatchProxy as batch, behavior, callback, config,  # noqa: F401
                           current_context, expose, oneway, resolve, locate_ns, start_ns,
                           SerializedBlob, SerializerBase)
    from Pyro5 import errors, protocol  # noqa: F401
    from Pyro5.serializers import serializers_by_id

    def serializer_name(serializer_id):
        """The name of a serializer by its number on the wire."""
        return type(serializers_by_id[serializer_id]).__name__.replace("Serializer", "").lower()

for _setting in _options.config:
    _item, _, _value = _setting.partition("=")
    setattr(config, _item, ast.literal_eval(_value))


class Point:
    """A class of ours that travels: both ends register how it becomes a dict and what becomes of it."""

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __repr__(self):
        return "Point(%r, %r)" % (self.x, self.y)


SerializerBase.register_class_to_dict(
    Point, lambda point: {"__class__": "conformance.Point", "x": point.x, "y": point.y})
SerializerBase.register_dict_to_class(
    "conformance.Point", lambda _, members: Point(members["x"], members["y"]))


class CustomError(Exception):
    """An exception that both ends know by a name of ours."""


SerializerBase.register_class_to_dict(
    CustomError, lambda error: {"__class__": "conformance.CustomError", "args": list(error.args)})
SerializerBase.register_dict_to_class(
    "conformance.CustomError", lambda _, members: CustomError(*members["args"]))


class TooMuch(Exception):
    """An exception of ours that keeps what it carries beside its arguments."""


def restore_too_much(_, members):
    error = TooMuch(*members["args"])
    vars(error).update(members["attributes"])
    return error


SerializerBase.register_class_to_dict(TooMuch, lambda error: {
    "__class__": "conformance.TooMuch", "__exception__": True, "args": error.args, "attributes": vars(error)})
SerializerBase.register_dict_to_class("conformance.TooMuch", restore_too_much)


class Members:
    """Classes that travel by the names of their members."""

    def __init__(self, **members):
        vars(self).update(members)

    def __repr__(self):
        members = ", ".join("%s=%r" % member for member in sorted(vars(self).items()))
        return "%s(%s)" % (type(self).__name__, members)


class Part(Members):
    """What `#[python_class]` makes of a struct, on the other side."""


class Circle(Members):
    """One class of a hierarchy, which is an enum on the other side."""


class Square(Members):
    """Another one."""


def register(kind):
    """Has a class travel by a name of ours."""
    name = "conformance." + kind.__name__
    SerializerBase.register_class_to_dict(kind, lambda instance: dict(vars(instance), __class__=name))
    SerializerBase.register_dict_to_class(name, lambda _, members: kind(
        **{name: value for name, value in members.items() if name != "__class__"}))


for _kind in (Part, Circle, Square):
    register(_kind)
