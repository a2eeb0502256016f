"""Rules that break their word are found out, each with a test that says what they do now; sound ones are proven."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.rules.effective import lines_of
from bot.core.clocks.unattended import Stage
from bot.workbench.proving.counter import Counter, Law
from bot.workbench.proving.prover import prove
from bot.workbench.proving.sendings import Goal
from bot.workbench.proving.staffing import called_out_of_hours, followed
from bot.workbench.rules_tests import run
from tests.core.situations import KNOWLEDGE
from tests.shipped import shipped_knowledge, shipped_rules
from tests.workbench.rules_to_prove import SOUND, knowing, with_tests

BERLIN = ZoneInfo("Europe/Berlin")
MARCH = datetime(2027, 3, 1, tzinfo=BERLIN)
HOLIDAYS = "holidays: [{country: DE, subdivision: BE}]"
RINGS = '    - {at: "100% first_response", do: ping_group, to: techs}'


@dataclass(frozen=True, slots=True)
class Break:
    """What is changed in sound rules, which law is broken by it, and what is said of it."""

    what: str
    instead: str
    law: Law
    said: str
    also: tuple[str, str] = ("", "")  # something else that is changed
    around: date | None = None  # the year to look at begins not long before it


def never_opens(years: int) -> Break:
    return Break(
        HOLIDAYS, f"holidays: [{{from: 2020-01-01, to: {2032 + years}-12-31}}]", "staffed", "`office` never opens"
    )


def closed_for_weeks(begin: date) -> Break:
    end = begin + timedelta(days=20)
    return Break(HOLIDAYS, f"holidays: [{{from: {begin}, to: {end}}}]", "staffed", "`office` opens", around=begin)


def in_a_circle(to: str, at: str) -> Break:
    return Break(RINGS, f'    - {{at: "{at}", do: move, to: {to}}}', "ends", "moved in a circle: ")


def behind_another(when: str) -> Break:
    late = f"  - {{id: late, when: {{{when}}}, then: {{action: handoff, queue: tech}}}}\n"
    return Break("  - {id: picture,", f"{late}  - {{id: picture,", "reached", "`late` never acts: ")


def at_any_hour(queue: str, promised: str) -> Break:
    sla = f"slas: {{fast: {{p2: {{first_response: {promised}, business: false}}}}}}\n"
    said = f"nobody is in `{queue}` in time for a p2"
    return Break("groups:\n", f"{sla}groups:\n", "staffed", said, (f"  {queue}: {{", f"  {queue}: {{sla: fast, "))


KINDS: dict[str, st.SearchStrategy[Break]] = {
    "a calendar that never opens": st.builds(never_opens, st.integers(0, 20)),
    "a holiday of three weeks": st.builds(closed_for_weeks, st.dates(date(2027, 1, 1), date(2029, 1, 1))),
    "a ladder that moves in a circle": st.builds(
        in_a_circle,
        st.sampled_from(["tech", "care"]),
        st.sampled_from(["50% first_response", "2h", "3d", "100% resolution"]),
    ),
    "a trigger behind another": st.builds(
        behind_another,
        st.sampled_from(
            ["keywords: anger", "keywords: anger, group: vip", "all: [{keywords: anger}, {after_hours: true}]"]
        ),
    ),
    "a promise at any hour for a team with hours": st.builds(
        at_any_hour, st.sampled_from(["tech", "care"]), st.sampled_from(["2m", "15m", "1h30m"])
    ),
}


def broken(found: Break) -> str:
    text = SOUND
    for what, instead in ((found.what, found.instead), found.also):
        assert not what or text.count(what) == 1
        text = text.replace(what, instead) if what else text
    return text


def counter_in(folder: Path, text: str, begin: date) -> Counter:
    """What the proof finds; its test is pasted into the rules, loads, and is passed by them as they are."""
    knowledge = knowing(folder, text)
    counter = prove(knowledge, datetime.combine(begin, time(), BERLIN)).counter
    assert counter is not None
    if counter.test is not None:
        pasted = with_tests(text, lines_of(counter.test, knowledge.rules.timezone))
        (result,) = run(knowing(folder, pasted))
        assert result.passed, result.differences
    return counter


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=4)
@given(st.data())
def test_what_is_broken_is_found_with_a_test_that_has_it(kind: str, data: st.DataObject) -> None:
    found = data.draw(KINDS[kind])
    day = data.draw(st.dates(date(2026, 1, 1), date(2028, 12, 31)))
    if found.around is not None:
        day = found.around - timedelta(days=data.draw(st.integers(1, 14)))

    with tempfile.TemporaryDirectory() as folder:
        counter = counter_in(Path(folder), broken(found), day)

    said = " ".join((counter.broken.what, *counter.broken.why))
    assert (counter.broken.law, found.said in said) == (found.law, True), said
    assert counter.test is not None
    if found.law != "reached":
        assert counter.test.expect.action == "handoff"
        assert None not in (counter.test.expect.rule, counter.test.expect.queue, counter.test.expect.priority)
        assert counter.test.given.at is not None


@pytest.mark.long
def test_sound_rules_are_proven_for_every_half_hour_of_a_year(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    rules = knowing(tmp_path, SOUND)

    proof = prove(rules, datetime(2028, 2, 29, tzinfo=BERLIN), lambda done, of_all: heard.append((done, of_all)))

    assert proof.counter is None
    assert proof.end == datetime(2029, 3, 1, tzinfo=BERLIN)
    assert proof.half_hours == 366 * 48  # the hour that spring takes, autumn gives back
    assert proof.handoffs == 6 * proof.half_hours  # p2 and p3 for tech and care, care's p1 as p2, p1 on call
    assert heard[-1] == (proof.half_hours, proof.half_hours)
    assert heard == sorted(heard)


@pytest.mark.long
def test_the_shipped_rules_are_proven() -> None:
    served = replace(KNOWLEDGE, rules=shipped_rules(), entries=shipped_knowledge().entries)

    proof = prove(served, datetime(2027, 1, 1, tzinfo=ZoneInfo("Europe/London")))

    assert proof.counter is None
    assert proof.half_hours == 365 * 48


@pytest.mark.parametrize(
    ("change", "said"),
    [
        # Nobody's names, or a group that nobody is in: its rungs call nobody either.
        (("members: [techs], ladder: up", "members: [ghosts], ladder: up"), "nobody is in `ghosts`"),
        # On call, and yet nobody on call.
        (
            ("members: [on_call], calendar: around_the_clock, ladder: call", "members: [ghosts]"),
            "nobody is in `ghosts`",
        ),
    ],
)
def test_a_queue_without_people_is_not_staffed(change: tuple[str, str], said: str, tmp_path: Path) -> None:
    text = SOUND.replace(*change).replace("groups:\n", "groups:\n  ghosts: {}\n")

    counter = counter_in(tmp_path, text, date(2027, 1, 1))

    assert said in counter.broken.why
    assert counter.test is not None


@pytest.mark.parametrize(
    ("rung", "held"),
    [
        ('{at: "50% first_response", do: move, to: on_call}', True),  # there before it is due
        ('{at: "99% first_response", do: move, to: on_call}', True),  # at the last moment
        ('{at: "100% first_response", do: move, to: on_call}', False),  # when it is due nobody can keep it any more
        ('{at: "5m", do: move, to: care}', False),  # who has hours as well
        ('{at: "5m", do: remind}', False),  # waits for the morning
        ('{at: "5m", do: notify_lead, to: techs}', False),  # likewise
    ],
)
def test_a_promise_at_any_hour_holds_if_a_rung_brings_it_to_people_in_time(
    rung: str, held: bool, tmp_path: Path
) -> None:
    text = broken(at_any_hour("tech", "15m")).replace(
        "ladder: up, priority_cap: p2}\n  care", "ladder: by_then}\n  care"
    )
    rules = knowing(tmp_path, text.replace("ladders:\n", f"ladders:\n  by_then: [{rung}]\n")).rules

    found = followed(rules, Goal("tech", "p2", "p2"), datetime(2027, 3, 1, 23, tzinfo=BERLIN))

    assert (found.broken is None) == held


def test_where_nobody_ever_is_a_rung_that_calls_somebody_is_an_end(tmp_path: Path) -> None:
    calls = '  ghosts: [{at: "3h", do: notify_lead, to: techs}]\n'
    text = SOUND.replace("members: [techs], ladder: up", "members: [ghosts], ladder: ghosts")
    text = text.replace("groups:\n", "groups:\n  ghosts: {}\n")
    rules = knowing(tmp_path, text.replace("ladders:\n", "ladders:\n" + calls)).rules
    morning = datetime(2027, 3, 1, 9, tzinfo=BERLIN)

    assert followed(rules, Goal("tech", "p3", "p3"), morning).broken is None
    assert followed(rules, Goal("tech", "p2", "p2"), morning).broken is not None  # due after an hour: too late for that


def test_a_call_is_held_to_the_hours_of_the_queue_that_has_the_case(tmp_path: Path) -> None:
    rules = knowing(tmp_path, SOUND).rules

    def calls(queue: str, hour: int) -> bool:
        at = datetime(2027, 3, 1, hour, tzinfo=UTC)  # a Monday; Berlin is an hour ahead
        stage = Stage(at, "80% first_response", "remind", queue, "p3", (), at)
        return called_out_of_hours(rules, (stage,)) is not None

    assert calls("tech", 7)
    assert not calls("tech", 8)
    assert calls("tech", 16)
    assert not calls("on_call", 3)


@pytest.mark.long
def test_what_rules_send_in_hours_only_is_not_held_to_be_sent_at_night(tmp_path: Path) -> None:
    uncapped = SOUND.replace("ladder: up, priority_cap: p2}\n  care", "ladder: up}\n  care")

    def urgent(when: str) -> str:
        now = f"  - {{id: now, when: {{{when}}}, then: {{action: handoff, queue: tech, priority: p1}}}}\n"
        return uncapped.replace("  - {id: angry,", f"{now}  - {{id: angry,")

    by_day = prove(knowing(tmp_path, urgent("keywords: anger, group: vip, after_hours: false")), MARCH)
    at_night = counter_in(tmp_path, urgent("keywords: anger, group: vip"), MARCH.date())

    assert by_day.counter is None
    assert "nobody is in `tech` in time for a p1" in at_night.broken.what
