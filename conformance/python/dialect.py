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
