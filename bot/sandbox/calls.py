"""The log of Web API calls, and how the arguments of one are read."""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from bot.sandbox.limits import Refused
from bot.sandbox.state import Workspace
from bot.sandbox.wire import Json

KEPT = 20_000
_TRUE = ("1", "true")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API as it was answered. `status` 0 says that the connection ended without an answer.

    `n` counts deliveries and calls together.
    """

    method: str
    arguments: Json
    answer: Json
    at: float
    milliseconds: float
    status: int = 200
    n: int = 0

    @property
    def ok(self) -> bool:
        """Whether the answer said ok."""
        return bool(self.answer.get("ok"))


class Calls:
    """The last calls, oldest first, and how many are being answered now."""

    def __init__(self, workspace: Workspace) -> None:
        """Start with none."""
        self._workspace = workspace
        self._done: deque[Call] = deque(maxlen=KEPT)
        self.under_way = 0

    def begin(self) -> None:
        """Count a call that is being answered."""
        with self._workspace.changed:
            self.under_way += 1

    def end(self, call: Call) -> None:
        """Keep a call that has been answered."""
        with self._workspace.changing():
            self.under_way -= 1
            self._done.append(replace(call, n=self._workspace.next_number()))

    def all(self) -> list[Call]:
        """The calls, oldest first."""
        with self._workspace.changed:
            return list(self._done)

    def forget(self) -> None:
        """Start again with none."""
        with self._workspace.changing():
            self._done.clear()


class Arguments:
    """The arguments of a call, from a form, JSON or the query; all that a method reads comes from here."""

    def __init__(self, values: Json) -> None:
        """`values` are strings where they come from a form or the query."""
        self.values = values

    def required(self, name: str) -> str:
        """A text that must be there. Raises Refused."""
        value = self.maybe(name)
        if not value:
            raise Refused("invalid_arguments", [f"missing required field: {name}"])
        return value

    def maybe(self, name: str) -> str:
        """A text, empty if it is not there. Raises Refused where it is no text."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, dict | list | bool):
            raise Refused("invalid_arguments", [f"must provide a string [json-pointer:/{name}]"])
        return str(value)

    def has(self, name: str) -> bool:
        """Whether the argument was given and is not empty."""
        return self.values.get(name) not in (None, "", [], "[]")

    def flag(self, name: str, *, otherwise: bool = False) -> bool:
        """True or false."""
        value = self.values.get(name)
        return otherwise if value is None else value is True or str(value).lower() in _TRUE

    def number(self, name: str, otherwise: int, *, most: int) -> int:
        """A whole number from 1. Raises Refused."""
        value = self.values.get(name)
        if value in (None, ""):
            return otherwise
        try:
            found = int(str(value))
        except ValueError:
            raise Refused("invalid_limit") from None
        if not 1 <= found <= most:
            raise Refused("invalid_limit")
        return found

    def raw(self, name: str) -> object:
        """What was given, as it is: JSON, or JSON in a text."""
        return self.values.get(name)


def read(query: Mapping[str, str], content_type: str, body: bytes) -> Json:
    """The arguments of a request. Raises Refused where the body is no JSON object though it says so."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            values = json.loads(body or b"{}")
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(values, dict):
            raise Refused("json_not_object")
        return {**query, **values}
    if kind == "multipart/form-data":
        return {**query, **_multipart(content_type, body)}
    return {**query, **dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))}


def _multipart(content_type: str, body: bytes) -> dict[str, str]:
    boundary = content_type.partition("boundary=")[2].strip('"')
    fields: dict[str, str] = {}
    for part in body.split(b"--" + boundary.encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = head.partition(b'name="')[2].partition(b'"')[0].decode()
        fields[name] = content.removesuffix(b"\r\n").decode("utf-8", "replace")
    return fields
