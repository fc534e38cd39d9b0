"""Objects on a D-Bus bus, with their properties: who asks is answered, who listens is told."""

from __future__ import annotations

from collections.abc import Callable

from dbus_fast import Message, Variant
from dbus_fast.constants import ErrorType
from dbus_fast.errors import DBusError

Properties = dict[str, Variant]
_MANAGER = "org.freedesktop.DBus.ObjectManager"
_PROPERTIES = "org.freedesktop.DBus.Properties"


class ObjectTable:
    """What a service shows on the bus.

    Args:
        send: puts a message on the bus.
    """

    def __init__(self, send: Callable[[Message], object]) -> None:
        self._send = send
        self._objects: dict[str, dict[str, Properties]] = {}

    def __contains__(self, path: str | None) -> bool:
        return path in self._objects

    def add(self, path: str, interface: str, properties: Properties) -> None:
        """A new object."""
        self._objects[path] = {interface: properties}
        body = [path, self._objects[path]]
        self._send(Message.new_signal("/", _MANAGER, "InterfacesAdded", "oa{sa{sv}}", body))

    def remove(self, path: str) -> None:
        """An object that is no more."""
        body = [path, list(self._objects.pop(path))]
        self._send(Message.new_signal("/", _MANAGER, "InterfacesRemoved", "oas", body))

    def change(self, path: str, changed: Properties) -> None:
        """Properties of an object's interface have new values."""
        (interface,) = self._objects[path]
        self._objects[path][interface].update(changed)
        body = [interface, changed, []]
        self._send(Message.new_signal(path, _PROPERTIES, "PropertiesChanged", "sa{sv}as", body))

    def value(self, path: str, name: str) -> object:
        """Of a property of the object at `path`."""
        (interface,) = self._objects[path]
        return self._objects[path][interface][name].value

    def answer(self, call: Message) -> Message | None:
        """To what every service is asked; None where that is something else.

        Raises:
            DBusError: there is no such property.
        """
        match call.interface, call.member:
            case (_, "GetManagedObjects"):
                return Message.new_method_return(call, "a{oa{sa{sv}}}", [self._objects])
            case (_, "GetAll") if call.interface == _PROPERTIES:
                return Message.new_method_return(call, "a{sv}", [self._properties_of(call)])
            case (_, "Get") if call.interface == _PROPERTIES:
                value = self._properties_of(call).get(call.body[1])
                if value is None:
                    raise DBusError(ErrorType.UNKNOWN_PROPERTY, f"no property {call.body[1]}")
                return Message.new_method_return(call, "v", [value])
        return None

    def _properties_of(self, call: Message) -> Properties:
        interfaces = self._objects.get(call.path or "", {})
        if call.body[0] not in interfaces:
            raise DBusError(ErrorType.UNKNOWN_INTERFACE, f"no interface {call.body[0]}")
        return interfaces[call.body[0]]
