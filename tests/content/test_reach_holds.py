"""Whatever the rules are, what is said of their reach is true of every situation that the core can be in."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.content.faults import Fault
from bot.core.entries import Entry, Escalate
from bot.core.rulebook.rules import Rules
from bot.core.rulebook.triggers import Situation, triggered
from tests.content.random_rules import CHANNELS, ENTRIES, FEEDBACK, Json, as_text, conditions, triggers
from tests.content.small_files import loaded_rules

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def situations() -> st.SearchStrategy[Situation]:
    entries = st.one_of(
        st.none(),
        st.builds(
            lambda id_, policy, after: Entry(id_, "", (), "", escalate=Escalate(policy, after_failed=after)),
            st.sampled_from([*ENTRIES, "c/z"]),
            st.sampled_from(["offer", "always", "never"]),
            st.sampled_from([None, 1, 3]),
        ),
    )
    return st.builds(
        Situation,
        now=st.just(NOW),
        text=st.lists(st.sampled_from(["my", "lost", "laptop", "stolen", "now"]), max_size=4).map(" ".join),
        channel=st.sampled_from(["", *CHANNELS]),
        groups=st.sampled_from([(), ("vip",), ("vip", "one", "U0A"), ("vip", "U0B"), ("board",)]).map(frozenset),
        band=st.sampled_from([None, "sure", "unsure", "none"]),
        entry=entries,
        failed=st.integers(0, 4),
        feedback=st.sampled_from([None, *FEEDBACK]),
        human_request=st.booleans(),
        contacts=st.lists(st.integers(1, 10).map(lambda days: NOW - timedelta(days=days)), max_size=3).map(tuple),
        has_file=st.booleans(),
        error=st.booleans(),
    )


@given(st.lists(triggers(), min_size=1, max_size=5), st.lists(situations(), min_size=10, max_size=20))
def test_what_is_said_never_to_act_never_acts(written: list[Json], asked: list[Situation]) -> None:
    for number, trigger in enumerate(written):
        trigger["id"] = f"t{number}"
    rules, faults = _loaded(written)
    silent = {
        f"t{number}" for number in range(len(written)) for fault in faults if f"`t{number}` never" in fault.message
    }

    for situation in asked:
        verdict = triggered(rules, situation)
        acting = {trigger.id for trigger in (*verdict.also, *((verdict.trigger,) if verdict.trigger else ()))}
        assert not acting & silent


@given(conditions(), st.lists(situations(), min_size=10, max_size=20))
def test_what_is_said_never_to_hold_never_holds(condition: Json, asked: list[Situation]) -> None:
    trigger: Json = {"id": "t", "when": condition, "then": {"action": "handoff"}}
    rules, faults = _loaded([trigger])
    line = as_text([trigger]).splitlines()[-1]
    column = line.index("{", line.index('"when"')) + 1
    never = any(fault.code == "RU075" and fault.place.column == column for fault in faults)

    assert not (never and any(_decides("t", rules, situation) for situation in asked))


def _decides(trigger: str, rules: Rules, situation: Situation) -> bool:
    decided = triggered(rules, situation).trigger
    return decided is not None and decided.id == trigger


def _loaded(written: list[Json]) -> tuple[Rules, tuple[Fault, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        loaded = loaded_rules(Path(folder), as_text(written))
    assert loaded.value is not None, loaded.errors
    return loaded.value, loaded.faults
