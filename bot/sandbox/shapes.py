"""Small checks that make up the shape of Block Kit, each in Slack's words and with a JSON pointer. Pure.

A check takes a value and the pointer to it, and returns what is wrong with it, nothing if all is well.
"""

from collections.abc import Callable, Mapping, Sequence

from bot.sandbox.wire import Json

Check = Callable[[object, str], list[str]]


def problem(text: str, pointer: str) -> list[str]:
    """One fault, as Slack writes it."""
    return [f"{text} [json-pointer:{pointer}]"]


def anything(_value: object, _pointer: str) -> list[str]:
    """Accept whatever comes."""
    return []


def boolean(value: object, pointer: str) -> list[str]:
    """True or false."""
    return [] if isinstance(value, bool) else problem("must provide a boolean", pointer)


def number(value: object, pointer: str) -> list[str]:
    """A whole number."""
    ok = isinstance(value, int) and not isinstance(value, bool)
    return [] if ok else problem("must provide a number", pointer)


def string(most: int, least: int = 1) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: object, pointer: str) -> list[str]:
        if not isinstance(value, str):
            return problem("must provide a string", pointer)
        if len(value) < least:
            return problem(f"must be more than {least - 1} characters", pointer)
        if len(value) > most:
            return problem(f"must be less than {most + 1} characters", pointer)
        return []

    return check


def one_of(*allowed: str) -> Check:
    """One of a few strings."""

    def check(value: object, pointer: str) -> list[str]:
        return [] if value in allowed else problem(f"failed to match any of: {', '.join(allowed)}", pointer)

    return check


def several(each: Check, most: int, least: int = 1) -> Check:
    """An array of `least` to `most` items."""

    def check(value: object, pointer: str) -> list[str]:
        if not isinstance(value, list):
            return problem("must provide an array", pointer)
        if len(value) > most:
            return problem(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            return problem(f"no less than {least} items allowed", pointer)
        return [fault for index, one in enumerate(value) for fault in each(one, f"{pointer}/{index}")]

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others. An optional field may not be null either."""
    fields = {**required, **(optional or {})}

    def check(value: object, pointer: str) -> list[str]:
        if not isinstance(value, dict):
            return problem("must provide an object", pointer)
        faults = [fault for name in required if name not in value for fault in _missing(name, pointer)]
        faults += [fault for name in value if name not in fields for fault in _strange(str(name), pointer)]
        known = [name for name in fields if name in value]
        return faults + [fault for name in known for fault in fields[name](value[name], f"{pointer}/{name}")]

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which check is for it."""

    def check(value: object, pointer: str) -> list[str]:
        if not isinstance(value, dict):
            return problem("must provide an object", pointer)
        kind = value.get("type")
        if kind is None:
            return _missing("type", pointer)
        if not isinstance(kind, str) or kind not in kinds:
            return problem(f"unsupported type: {kind}", f"{pointer}/type")
        return kinds[kind](value, pointer)

    return check


def text(most: int, kinds: Sequence[str] = ("plain_text", "mrkdwn")) -> Check:
    """A text object. Like Slack, says first that no schema matched, then why."""
    inner = by_type(
        {
            "plain_text": record({"type": anything, "text": string(most)}, {"emoji": boolean}),
            "mrkdwn": record({"type": anything, "text": string(most)}, {"verbatim": boolean}),
        }
    )

    def check(value: object, pointer: str) -> list[str]:
        faults = inner(value, pointer)
        if not faults and isinstance(value, dict) and value["type"] not in kinds:
            faults = problem(f"unsupported type: {value['type']}", f"{pointer}/type")
        if faults and isinstance(value, dict):
            return problem("failed to match all allowed schemas", pointer) + faults
        return faults

    return check


def plain(most: int) -> Check:
    """A plain_text object."""
    return text(most, ("plain_text",))


def either(first: str, second: str, check: Check) -> Check:
    """An object that must have one of two fields at least, and otherwise passes the check."""

    def both(value: object, pointer: str) -> list[str]:
        faults = check(value, pointer)
        if not faults and isinstance(value, dict) and first not in value and second not in value:
            return problem(f"must define either `{first}` or `{second}`", pointer)
        return faults

    return both


def _missing(name: str, pointer: str) -> list[str]:
    return problem(f"missing required field: {name}", pointer)


def _strange(name: str, pointer: str) -> list[str]:
    return problem(f"invalid additional property: {name}", pointer)


def objects(value: object) -> list[Json]:
    """The objects in what should be an array."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
