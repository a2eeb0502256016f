"""What a proof rests on: no destination is left out, and no moment is taken to be like another that it is not like."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.entries import Entry, Priority
from bot.core.knowledge import Knowledge
from bot.core.rulebook.handoff import destination
from bot.core.rulebook.rules import PRIORITIES as PRIORITY
from bot.core.rulebook.triggers import Situation, triggered
from bot.workbench.proving.alike import Alike
from bot.workbench.proving.ground import Ground
from bot.workbench.proving.reaching import unreached
from bot.workbench.proving.sendings import Goal, sendings
from bot.workbench.proving.staffing import followed
from tests.content.random_rules import AROUND, CATEGORIES, CHANNELS, Json, triggers
from tests.content.small_files import loaded_rules
from tests.content.test_reach_holds import NOW, situations
from tests.core.situations import KNOWLEDGE
from tests.workbench.rules_to_prove import SOUND, knowing

HALF_HOUR = timedelta(minutes=30)
PRIORITIES: st.SearchStrategy[Priority] = st.sampled_from(PRIORITY)
QUEUES = st.sampled_from(["it", "hr", "law"])


@st.composite
def rules_that_send(draw: st.DrawFn) -> Json:
    """A whole file, with triggers by chance that send cases here and there."""
    written = draw(st.lists(triggers(), min_size=1, max_size=5))
    for number, trigger in enumerate(written):
        trigger["id"] = f"t{number}"
        then = draw(st.fixed_dictionaries({}, optional={"queue": QUEUES, "priority": PRIORITIES}))
        raised = draw(st.sampled_from([{}, {"raise_priority": 1}, {"raise_priority": 2}]))
        trigger["then"] = {**then, **raised, **trigger["then"]}  # type: ignore[dict-item]
    queues: Json = {"it": {"channel": "C0IT000001"}, "hr": {"channel": "C0HR000001"}, "law": {"channel": "C0LAW00001"}}
    queues["hr"] = {"channel": "C0HR000001", "priority_cap": draw(PRIORITIES)}
    routes = draw(
        st.lists(st.fixed_dictionaries({"category": st.sampled_from(CATEGORIES), "queue": QUEUES}), max_size=2)
    )
    channels = {CHANNELS[0]: {"mode": "all", "queue": draw(QUEUES)}}
    sections: Json = {"queues": queues, "channels": channels, "routing": routes, "triggers": written}
    return AROUND | sections


def ground_of(written: Json, asked: list[Situation]) -> Ground:
    """What there is when such situations can come up: their entries, and no hours at all."""
    with tempfile.TemporaryDirectory() as folder:
        text = "".join(f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in written.items())
        rules = loaded_rules(Path(folder), text).value
    assert rules is not None
    entries: dict[str, Entry] = {each.entry.id: each.entry for each in asked if each.entry}
    knowledge: Knowledge = replace(KNOWLEDGE, rules=rules, entries=entries)
    return Ground(knowledge, {False: NOW})


@settings(max_examples=40)
@given(rules_that_send(), st.lists(situations(), min_size=10, max_size=20))
def test_no_queue_and_priority_that_a_case_gets_is_left_out(written: Json, asked: list[Situation]) -> None:
    ground = ground_of(written, asked)
    known = sendings(ground, after_hours=False)

    for situation in asked:
        entry = ground.knowledge.entries[situation.entry.id] if situation.entry else None
        at_hand = replace(situation, entry=entry)
        verdict = triggered(ground.rules, at_hand)
        decides = verdict.trigger if verdict.trigger and verdict.trigger.then.action == "handoff" else None
        if decides is None and not situation.for_people:
            continue
        category = entry.category if entry else ""
        for added in combinations([each for each in ground.rules.triggers if each.only_adds], 2):
            here = replace(verdict, trigger=decides).with_those_before(ground.rules, {each.id for each in added}, "")
            to = destination(ground.rules, here, entry, category, situation.channel)
            assert Goal.of(to) in known
        to = destination(ground.rules, replace(verdict, trigger=decides), entry, category, situation.channel)
        assert Goal.of(to) in known


@settings(max_examples=40)
@given(rules_that_send(), st.lists(situations(), min_size=10, max_size=20))
def test_a_trigger_that_is_said_never_to_act_never_does(written: Json, asked: list[Situation]) -> None:
    ground = ground_of(written, asked)
    never = {
        trigger.id
        for trigger in ground.rules.triggers
        if (counter := unreached(trigger, ground)) and " never acts" in counter.broken.what
    }

    for situation in asked:
        verdict = triggered(ground.rules, situation)
        acting = {trigger.id for trigger in (*verdict.also, *((verdict.trigger,) if verdict.trigger else ()))}
        assert not acting & never


@settings(max_examples=6)
@given(
    st.builds(Goal, st.sampled_from(["tech", "care", "on_call"]), PRIORITIES, st.sampled_from(["p1", "p4"])),
    st.sampled_from(["15m", "2h", "9h"]),
    st.booleans(),
    st.sampled_from([datetime(2027, 3, 19, tzinfo=UTC), datetime(2027, 12, 20, tzinfo=UTC)]),
)
def test_moments_that_are_held_to_be_alike_have_the_same_end(
    goal: Goal, promised: str, business: bool, begin: datetime
) -> None:
    """Around Easter and a clock change, and around Christmas: some moments are fine, others are not."""
    promise = json.dumps({"first_response": promised, "business": business})
    slas = f"slas: {{standard: {{p1: {promise}, p2: {promise}, p3: {promise}, p4: {promise}}}}}\n"
    text = SOUND.replace("groups:\n", f"{slas}groups:\n", 1).replace(", priority_cap: p2", "")
    with tempfile.TemporaryDirectory() as folder:
        rules = knowing(Path(folder), text).rules
    alike = Alike(rules, begin, begin + timedelta(days=14))
    skipped = 0

    for number in range(14 * 48):
        at = begin + number * HALF_HOUR
        begins = alike.begins(goal, at)
        if begins != at or alike.is_known(goal, begins):
            skipped += 1
            direct = followed(rules, goal, at)
            assert (direct.broken is None) == (followed(rules, goal, begins).broken is None)
            assert direct.broken is None or not alike.is_known(goal, begins)
        result = followed(rules, goal, begins)
        if result.broken is None and result.until is not None:
            alike.keep(goal, begins, result.until)

    assume(skipped)
