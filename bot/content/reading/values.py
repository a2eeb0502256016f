"""Shapes of single values beyond text: numbers, lengths of time, days, Slack ids, languages, time zones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from bot.content import faults as f
from bot.content.faults import Kind, quoted
from bot.content.reading.nodes import scalar_node
from bot.content.reading.reading import Reading
from bot.content.reading.scalars import day, duration, time_of_day, truth
from bot.content.reading.shapes import Shape, T, check_name, choice, list_of, named, word
from bot.content.reading.source import Node, Scalar
from bot.core.entries import Audience, Priority

_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,8})")
_FRACTION = re.compile(r"[0-9]{0,9}(?:\.[0-9]{0,9})?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_HEXADECIMAL = re.compile(r"0x[0-9A-Fa-f]+")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]+")
_USER = re.compile(r"[UW][A-Z0-9]+")
_USERGROUP = re.compile(r"S[A-Z0-9]+")
_BOT = re.compile(r"[BUW][A-Z0-9]+")
_DOMAIN = re.compile(r"(?:\w(?:[\w-]{0,61}\w)?\.)+\w(?:[\w-]{0,61}\w)?")
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
IdSort = Literal["channel", "user", "user group", "bot"]
_IDS: Mapping[IdSort, re.Pattern[str]] = {"channel": _CHANNEL, "user": _USER, "user group": _USERGROUP, "bot": _BOT}
_EXAMPLES: Mapping[IdSort, str] = {
    "channel": "C0123456789",
    "user": "U0123456789",
    "user group": "S0123456789",
    "bot": "B0123456789",
}


def flag() -> Shape[bool]:
    def read(node: Node, reading: Reading) -> bool:
        scalar = scalar_node(node, reading, "`true` or `false`")
        found = truth(scalar.text)
        if found is None or not scalar.plain:
            hint = "write true or false, without quotes"
            raise reading.unreadable(
                f.NOT_TRUE_OR_FALSE, node.place, f"{quoted(scalar.text)} is neither true nor false", hint
            )
        return found

    return Shape(read, {"type": "boolean"})


def whole(least: int, most: int, *, otherwise: str = "") -> Shape[int]:
    """A whole number within its bounds, both included; `otherwise` names what else the caller takes."""
    expected = f"a whole number from {least} to {most}{otherwise}"

    def read(node: Node, reading: Reading) -> int:
        scalar = scalar_node(node, reading, expected)
        written = scalar.text
        if scalar.plain and _WHOLE.fullmatch(written) and least <= int(written) <= most:
            return int(written)
        hint = f"write {expected}" if scalar.plain else "write it without quotes"
        raise reading.unreadable(f.NOT_A_NUMBER, node.place, f"{quoted(written)} is not possible here", hint)

    return Shape(read, {"type": "integer", "minimum": least, "maximum": most})


def share() -> Shape[float]:
    """A number from 0 to 1."""

    def read(node: Node, reading: Reading) -> float:
        scalar = scalar_node(node, reading, "a number from 0 to 1")
        written = scalar.text
        if scalar.plain and _FRACTION.fullmatch(written) and written not in ("", ".") and float(written) <= 1:
            return float(written)
        hint = "write it without quotes" if not scalar.plain else "80 per cent is 0.8"
        raise reading.unreadable(
            f.NOT_A_NUMBER, node.place, f"{quoted(written)} where a number from 0 to 1 is expected", hint
        )

    return Shape(read, {"type": "number", "minimum": 0, "maximum": 1})


def length_of_time(*, may_be_none: bool = False) -> Shape[timedelta]:
    """`90s`, `1h30m`; `0m` only where it means "not at all"."""
    parsed = _parsed("a length of time", duration, f.NOT_A_DURATION, "write it like 90s, 15m, 4h or 7d")

    def read(node: Node, reading: Reading) -> timedelta:
        found = parsed(node, reading)
        if not found and not may_be_none:
            hint = "write how long, such as 15m, or remove the line"
            written = node.text if isinstance(node, Scalar) else ""
            raise reading.unreadable(f.NOT_A_DURATION, node.place, f"{quoted(written)} is no time at all", hint)
        return found

    return Shape(read, {"type": "string", "pattern": "^([0-9]{1,5}[wdhms])+$"})


def days() -> Shape[int]:
    """A number of days, one at least: `90`, or `90d`."""

    def parse(written: str) -> int | None:
        found = duration(f"{written}d" if _WHOLE.fullmatch(written) else written)
        return None if not found or found % timedelta(days=1) else found.days

    read = _parsed(
        "a number of days", parse, f.NOT_A_NUMBER, "write it like 90 or 90d; to keep for ever, remove the line"
    )
    return Shape(read, {"type": ["integer", "string"]})


def calendar_day() -> Shape[date]:
    read = _parsed("a date", day, f.NOT_A_DATE, "write year-month-day: 2027-03-01")
    return Shape(read, {"type": "string", "format": "date"})


def clock_time() -> Shape[time]:
    return in_quotes("a time of day", time_of_day, f.BAD_MOMENT, 'write it like "09:00"')


def moment() -> Shape[datetime]:
    """A point in time with its offset, or in the rules' own time zone if it has none; as UTC."""

    def read(node: Node, reading: Reading) -> datetime:
        found = shape.read(node, reading)
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(reading.timezone))).astimezone(UTC)

    shape = in_quotes("a point in time", _moment, f.BAD_MOMENT, 'write it like "2027-03-01T09:00:00+01:00"')
    return Shape(read, shape.schema)


def in_quotes(what: str, parse: Callable[[str], T | None], kind: Kind, hint: str) -> Shape[T]:
    """Text that YAML may take for something else: an error if it does, worth a warning if it is just not quoted."""
    plain = word(what)

    def read(node: Node, reading: Reading) -> T:
        written = plain.read(node, reading)
        found = parse(written)
        if found is None:
            raise reading.unreadable(kind, node.place, f"{quoted(written)} is not {what}", hint)
        if isinstance(node, Scalar) and node.plain:
            reading.report(f.UNQUOTED_TIME, node.place, f"{quoted(written)} without quotes", f'write "{written}"')
        return found

    return Shape(read, {"type": "string"})


def code() -> Shape[str]:
    """An exact code or product number. A number in hexadecimal needs no quotes: that is how such codes are written."""
    plain = word("a code")

    def read(node: Node, reading: Reading) -> str:
        if isinstance(node, Scalar) and _HEXADECIMAL.fullmatch(node.text):
            return node.text
        return plain.read(node, reading)

    return Shape(read, {"type": ["string", "integer"]})


def timezone() -> Shape[str]:
    plain = word("a time zone")

    def read(node: Node, reading: Reading) -> str:
        name = plain.read(node, reading)
        if not is_timezone(name):
            hint = reading.hint_for(name, available_timezones()) or "write a name such as Europe/Berlin or UTC"
            raise reading.unreadable(f.NOT_A_TIMEZONE, node.place, f"no time zone {quoted(name)}", hint)
        return name

    return Shape(read, {"type": "string"})


@lru_cache(maxsize=256)
def is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # KeyError: the base of ZoneInfoNotFoundError
        return False
    return True


def language() -> Shape[str]:
    """A BCP 47 tag."""
    plain = word("a language")

    def read(node: Node, reading: Reading) -> str:
        tag = plain.read(node, reading)
        if not _LANGUAGE.fullmatch(tag):
            raise reading.unreadable(
                f.NOT_A_LANGUAGE, node.place, f"{quoted(tag)} is no language tag", "write en, de or pt-BR"
            )
        return tag

    return Shape(read, {"type": "string"})


def audiences() -> Shape[frozenset[Audience]]:
    shape = list_of(choice("staff", "customer", "partner"), least=1)

    def read(node: Node, reading: Reading) -> frozenset[Audience]:
        return frozenset(shape.read(node, reading))

    return Shape(read, shape.schema)


def priority() -> Shape[Priority]:
    return choice("p1", "p2", "p3", "p4")


def channel_id() -> Shape[str]:
    return _slack_id("channel")


def user_id() -> Shape[str]:
    return _slack_id("user")


def usergroup_id() -> Shape[str]:
    return _slack_id("user group")


def bot_id() -> Shape[str]:
    """A bot's id, or that of the user it writes as."""
    return _slack_id("bot")


def email_domain() -> Shape[str]:
    """What stands behind the `@`. It is compared whole: no wildcard, no subdomains."""
    plain = word("a domain")

    def read(node: Node, reading: Reading) -> str:
        written = plain.read(node, reading)
        if not _DOMAIN.fullmatch(written):
            bare = written.rpartition("@")[2].strip().removeprefix("*.")
            hint = f"write {quoted(bare)}" if _DOMAIN.fullmatch(bare) else "write it like example.com"
            raise reading.unreadable(f.NOT_A_CHOICE, node.place, f"{quoted(written)} is no e-mail domain", hint)
        return written

    return Shape(read, plain.schema)


def people() -> Shape[str]:
    """A group that the rules define, or a user's or a user group's id."""
    group = named("group")

    def read(node: Node, reading: Reading) -> str:
        written = node.text.strip() if isinstance(node, Scalar) else ""
        if written in reading.names.get("group", ()) or not (is_user(written) or is_usergroup(written)):
            return group.read(node, reading)
        reading.mentioned.append(("group", written, node.place))
        return written

    return Shape(read, group.schema)


def is_user(written: str) -> bool:
    return _USER.fullmatch(written) is not None


def is_usergroup(written: str) -> bool:
    return _USERGROUP.fullmatch(written) is not None


def entry_or_all(*, may_end_in_star: bool = False) -> Shape[str]:
    """An entry's id or, where that is allowed, `category/*`."""
    plain = word("an entry's id")

    def read(node: Node, reading: Reading) -> str:
        written = plain.read(node, reading)
        category, slash, rest = written.partition("/")
        if may_end_in_star and slash and rest == "*":
            check_name("category", category, node.place, reading)
        else:
            check_name("entry", written, node.place, reading)
        return written

    return Shape(read, plain.schema)


def not_an_id(what: IdSort, written: str) -> tuple[str, str] | None:
    """What is wrong with an id of Slack's, and the way out; None if nothing is."""
    if _IDS[what].fullmatch(written):
        return None
    return f"{quoted(written)} is no {what}'s id", f"write the id, such as {_EXAMPLES[what]}, not the name"


def _slack_id(what: IdSort) -> Shape[str]:
    plain = word(f"a {what}'s id")

    def read(node: Node, reading: Reading) -> str:
        written = plain.read(node, reading)
        if wrong := not_an_id(what, written):
            raise reading.unreadable(f.NOT_AN_ID, node.place, *wrong)
        return written

    return Shape(read, {"type": "string", "pattern": f"^{_IDS[what].pattern}$"})


def _parsed(what: str, parse: Callable[[str], T | None], kind: Kind, hint: str) -> Callable[[Node, Reading], T]:
    def read(node: Node, reading: Reading) -> T:
        written = scalar_node(node, reading, what).text.strip()
        found = parse(written)
        if found is None:
            raise reading.unreadable(kind, node.place, f"{quoted(written)} is not {what}", hint)
        return found

    return read


def _moment(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    # At the ends of the calendar another time zone's clock would show a year that there is not.
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None
