"""Events, cases, sayings and people as JSON and back. Pure.

What is stored today loads tomorrow: a field with a default may be added, and one that is gone is passed over. Words
that people wrote never enter the JSON of an event; they travel beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, get_args, get_origin

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn
from cattrs.strategies import configure_tagged_union

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.events import Event, Heard
from bot.core.saying import Content, Line, Saying, Where, Whisper
from bot.core.stimuli import AnyStimulus, without_text
from bot.errors import StoreTooNew

SCHEMA = 1  # of an event's data; raised when a field changes its meaning

EVENTS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}
COLUMNS = ("slack_ts", "entry", "confidence", "rule", "reason")  # fields of events with a column of their own

_SAYING: Any = Saying  # a union is no `type` to the type checker, but cattrs takes it for one
_TAG = "type"
_APART = ("at", "actor", "words", *COLUMNS)
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in the columns of `events`. An empty text is None. `words` goes to `texts`."""

    at: str
    kind: str
    actor: str
    slack_ts: str | None
    entry: str | None
    confidence: float | None
    rule: str | None
    reason: str | None
    data: str
    words: str


def event_to_row(event: Event) -> EventRow:
    if isinstance(event, Heard):  # its text is in `words` already
        event = replace(event, stimulus=without_text(event.stimulus)[0])
    data: dict[str, Any] = _CONVERTER.unstructure(event)
    apart = {name: data.pop(name, None) for name in _APART}
    return EventRow(
        at=apart["at"],
        kind=type(event).__name__,
        actor=apart["actor"],
        slack_ts=apart["slack_ts"] or None,
        entry=apart["entry"] or None,
        confidence=apart["confidence"],
        rule=apart["rule"] or None,
        reason=apart["reason"] or None,
        data=_dumps(data),
        words=storable(apart["words"] or ""),
    )


def event_from_row(row: EventRow) -> Event:
    """Return the event. Raises `StoreTooNew` if this program has no such kind of event."""
    kind = EVENTS.get(row.kind)
    if kind is None:
        raise StoreTooNew(f"the database has events of kind {row.kind!r}, written by a newer tier1: start that version")
    data: dict[str, Any] = {**json.loads(row.data), "at": row.at, "actor": row.actor, "words": row.words}
    for field in fields(kind):
        if field.name in COLUMNS:
            value = getattr(row, field.name)
            if value is not None or field.default is MISSING:
                data[field.name] = "" if value is None else value
    return _CONVERTER.structure(data, kind)


def case_to_json(case: Case) -> str:
    return _dumps(_CONVERTER.unstructure(case))


def case_from_json(text: str) -> Case:
    return _CONVERTER.structure(json.loads(text), Case)


def saying_to_json(saying: Saying) -> str:
    return _dumps(_CONVERTER.unstructure(saying, unstructure_as=_SAYING))


def saying_from_json(text: str) -> Saying:
    saying: Saying = _CONVERTER.structure(json.loads(text), _SAYING)
    return saying


def person_to_json(person: Person) -> str:
    return _dumps(_CONVERTER.unstructure(person))


def person_from_json(text: str) -> Person:
    return _CONVERTER.structure(json.loads(text), Person)


def time_to_text(at: datetime) -> str:
    """Return an aware time as ISO 8601 in UTC, always with six decimals, so that text sorts as time."""
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {at}")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def time_from_text(text: str) -> datetime:
    return datetime.fromisoformat(text)


def storable(text: str) -> str:
    """Return the text with what no UTF-8 can hold replaced: half an emoji must not keep a message from being stored."""
    return _LONE_SURROGATES.sub("\ufffd", text)


def _dumps(value: object) -> str:
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _whisper_by(converter: Converter) -> Callable[[Any, Any], Whisper]:
    """How a whisper is read: one of an older program has a sentence where its content is now."""
    as_it_is = make_dict_structure_fn(Whisper, converter)

    def whisper(data: Any, kind: Any) -> Whisper:
        if "content" not in data:
            data = {**data, "content": {_TAG: Line.__name__, "text": data["text"], "who": data.get("who", "")}}
        return as_it_is(data, kind)

    return whisper


def _converter() -> Converter:
    converter = Converter(detailed_validation=False)
    converter.register_structure_hook(Whisper, _whisper_by(converter))
    converter.register_unstructure_hook(datetime, time_to_text)
    converter.register_structure_hook(datetime, lambda text, _: time_from_text(text))
    converter.register_unstructure_hook_func(_is_frozenset, sorted)
    for union in (Where, Content, Saying, AnyStimulus):  # parts before wholes
        configure_tagged_union(union, converter, tag_name=_TAG)
    return converter


def _is_frozenset(kind: Any) -> bool:
    origin: object = get_origin(kind)
    return origin is frozenset


_CONVERTER = _converter()
