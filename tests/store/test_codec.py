"""Every event, case and saying survives being stored, whatever is in it, and loads in a later program as well."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.events import Event, Heard
from bot.core.saying import Content, Line, Post, Saying, Where, Whisper
from bot.core.stimuli import AnyStimulus, Message, without_text
from bot.errors import StoreTooNew
from bot.store.codec import (
    COLUMNS,
    case_from_json,
    case_to_json,
    event_from_row,
    event_to_row,
    person_from_json,
    person_to_json,
    saying_from_json,
    saying_to_json,
    time_from_text,
    time_to_text,
)
from tests.store.samples import NOON, answered, asked, first_chapter, handed_off

pytestmark = pytest.mark.long

# Every class is filled from its own annotations: one that comes tomorrow is covered the day it comes.
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))

EVENTS: tuple[type[Any], ...] = get_args(Event)
SAYINGS: tuple[type[Any], ...] = get_args(Saying)
STIMULI: tuple[type[Any], ...] = get_args(AnyStimulus)
CONTENTS: tuple[type[Any], ...] = get_args(Content)
PLACES: tuple[type[Any], ...] = get_args(Where)

few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def stored(event: Event) -> Event:
    """The event as the store keeps it: what could not be decided is kept without its text."""
    return replace(event, stimulus=without_text(event.stimulus)[0]) if isinstance(event, Heard) else event


@pytest.mark.parametrize("kind", EVENTS)
@few
@given(data=st.data())
def test_an_event_comes_back_whole(kind: type[Event], data: st.DataObject) -> None:
    event = data.draw(st.from_type(kind))

    assert event_from_row(event_to_row(event)) == stored(event)


@pytest.mark.parametrize("kind", STIMULI)
@few
@given(data=st.data())
def test_whatever_reached_us_can_be_kept_for_later(kind: type[AnyStimulus], data: st.DataObject) -> None:
    heard = Heard(at=NOON, actor="U1", words="", stimulus=data.draw(st.from_type(kind)))

    assert event_from_row(event_to_row(heard)) == stored(heard)


@pytest.mark.parametrize("kind", SAYINGS)
@few
@given(data=st.data())
def test_a_saying_comes_back_whole(kind: type[Saying], data: st.DataObject) -> None:
    saying = data.draw(st.from_type(kind))

    assert saying_from_json(saying_to_json(saying)) == saying


@pytest.mark.parametrize("kind", CONTENTS + PLACES)
@few
@given(data=st.data())
def test_a_post_keeps_its_content_and_its_place(kind: type[Any], data: st.DataObject) -> None:
    part = data.draw(st.from_type(kind))
    post = data.draw(st.builds(Post, **{"content" if kind in CONTENTS else "where": st.just(part)}))

    assert saying_from_json(saying_to_json(post)) == post


@few
@given(case=st.from_type(Case))
def test_a_case_comes_back_whole(case: Case) -> None:
    assert case_from_json(case_to_json(case)) == case


@few
@given(person=st.from_type(Person))
def test_a_person_comes_back_whole(person: Person) -> None:
    assert person_from_json(person_to_json(person)) == person


@pytest.mark.parametrize("kind", [kind for kind in EVENTS if any(field.name == "words" for field in fields(kind))])
@few
@given(data=st.data())
def test_words_are_in_no_column_of_the_event(kind: type[Any], data: st.DataObject) -> None:
    event = replace(data.draw(st.from_type(kind)), words="xylophone")

    row = event_to_row(event)

    assert row.words == "xylophone"
    assert "xylophone" not in str(replace(row, words=""))


def test_the_text_of_what_is_kept_for_later_is_nowhere_but_in_the_words() -> None:
    message = Message(key="m1", team="T1", user="U1", channel="C1", ts="1.1", text="xylophone")

    assert "xylophone" not in event_to_row(Heard(at=NOON, actor="U1", words="", stimulus=message)).data


# --- yesterday's rows -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", EVENTS)
@few
@given(data=st.data())
def test_an_event_written_before_a_field_was_added_has_the_fields_default(
    kind: type[Event], data: st.DataObject
) -> None:
    event = data.draw(st.from_type(kind))
    row = event_to_row(event)
    added = {field.name: field.default for field in fields(kind) if field.default is not MISSING}
    old: dict[str, Any] = {name: None for name in COLUMNS if name in added}
    old["data"] = json.dumps({name: value for name, value in json.loads(row.data).items() if name not in added})
    if "words" in added:
        old["words"] = ""

    loaded = event_from_row(replace(row, **old))

    assert loaded == replace(stored(event), **added)


def test_a_case_written_before_a_field_was_added_loads() -> None:
    case = first_chapter("c1", asked(), answered(), handed_off()).after
    old = json.loads(case_to_json(case))
    for name in ("moved_from", "candidates", "private"):
        del old[name]

    assert case_from_json(json.dumps(old)) == replace(case, moved_from=(), candidates=(), private=False)


def test_a_field_that_is_gone_is_passed_over() -> None:
    row = event_to_row(answered())
    data = {**json.loads(row.data), "mood": "sunny"}

    assert event_from_row(replace(row, data=json.dumps(data))) == answered()


@pytest.mark.parametrize("kind", EVENTS)
def test_an_empty_column_stands_for_the_default(kind: type[Event]) -> None:
    defaults = {field.default for field in fields(kind) if field.name in COLUMNS and field.name != "confidence"}

    assert defaults <= {MISSING, ""}


def test_an_event_of_a_newer_program_is_refused_in_a_sentence() -> None:
    with pytest.raises(StoreTooNew, match="'Teleported', written by a newer tier1"):
        event_from_row(replace(event_to_row(asked()), kind="Teleported"))


def test_a_whisper_of_an_older_program_is_still_whispered() -> None:
    stored = """{"type": "Whisper", "channel": "C1", "user": "U1", "text": "Taken by {who}", "thread_ts": "1.000001",
        "response_url": "https://r", "who": "U2", "link_to": "c1-2-0"}"""

    assert saying_from_json(stored) == Whisper(
        channel="C1", user="U1", content=Line("Taken by {who}", who="U2"), thread_ts="1.000001",
        response_url="https://r", link_to="c1-2-0",
    )  # fmt: skip


# --- times ------------------------------------------------------------------------------------------------------------


anywhen = st.timedeltas(timedelta(days=-739_000), timedelta(days=2_900_000)).map(NOON.__add__)


@few
@given(one=anywhen, other=anywhen)
def test_times_sort_as_text_and_come_back_exactly(one: datetime, other: datetime) -> None:
    assert time_from_text(time_to_text(one)) == one
    assert (time_to_text(one) < time_to_text(other)) == (one < other)


def test_a_time_is_written_in_utc() -> None:
    noon_in_madrid = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))

    assert time_to_text(noon_in_madrid) == "2026-07-01T10:00:00.000000Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        time_to_text(datetime(2026, 7, 1, 12))  # noqa: DTZ001  that is the point
