"""Logged cases played again under other rules: what would have been different, and what cannot be told."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.audience import Person
from bot.core.case import Case
from bot.core.entries import CollectField
from bot.core.events import (
    BOT,
    Answered,
    Event,
    FieldAsked,
    Heard,
    HumanOffered,
    Listed,
    Offered,
    Opened,
    StillStuck,
)
from bot.core.knowledge import Knowledge
from bot.core.rulebook.rules import (
    ChannelRules,
    Duplicates,
    Group,
    RepeatContact,
    Route,
    SameUser,
    Targets,
    Then,
    Trigger,
    When,
)
from bot.core.stimuli import File, Message, PressKind
from bot.store.logged import log_in
from bot.workbench.replaying.comparing import (
    ERASED,
    JOINED,
    LISTED,
    MENTION,
    NOT_AT_ONCE,
    SECOND,
    Compared,
    Kind,
    Outcome,
    Untold,
    compare,
    kinds_of,
)
from bot.workbench.replaying.tally import tallied
from tests.core.situations import CUSTOMER, DANA, DM, HELP, NOON, PASSWORD, QUIET, RULES, TABLE, TEAM, with_rules
from tests.store.samples import answered, append, asked, first_chapter
from tests.workbench.days import Days

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUEUES = {name: replace(queue, sla="usual") for name, queue in RULES.queues.items()}
SLAS = {"usual": {each: Targets(HOUR, HOUR, HOUR, business=False) for each in ("p1", "p2", "p3", "p4")}}
BASE = with_rules(queues=QUEUES, slas=SLAS)
FIELDS = (
    CollectField("device", "Which device?"),
    CollectField("system", "Which system?", kind="choice", choices=("Mac", "Windows")),
    CollectField("more", "Anything else?", required=False),
)
ASKING = replace(BASE, entries={**BASE.entries, PASSWORD.id: replace(PASSWORD, collect=FIELDS)})


def but(knowledge: Knowledge = BASE, **changes: object) -> Knowledge:
    return replace(knowledge, rules=replace(knowledge.rules, **changes))  # type: ignore[arg-type]


def replayed(days: Days, head: Knowledge, base: Knowledge = BASE) -> list[Compared | Untold]:
    with log_in(days.path) as log:
        assert log.until is not None
        return [compare(case, base, head, log.until) for case in log.cases(log.until - 9_999 * DAY, looks_back=7 * DAY)]


def told(days: Days, head: Knowledge, base: Knowledge = BASE) -> Compared:
    [one] = replayed(days, head, base)
    assert isinstance(one, Compared), one
    return one


@pytest.fixture
def days(tmp_path: Path) -> Days:
    return Days(tmp_path / "tier1.db", BASE)


# --- what differs -----------------------------------------------------------------------------------------------------

LATER = NOON + HOUR
HANDED = Outcome("handoff", "lost", "failed_attempts", "tech", "p3", handed_off=NOON, due_first=LATER, first="kept")
ANSWERED = Outcome("answer")


@pytest.mark.parametrize(
    ("base", "head", "kinds"),
    [
        (HANDED, HANDED, ()),
        (HANDED, replace(HANDED, queue="care"), ("other queue",)),
        (HANDED, replace(HANDED, queue="care", rule="angry"), ("other queue",)),  # the rule alone is no news then
        (HANDED, replace(HANDED, priority="p1"), ("other priority",)),
        (HANDED, replace(HANDED, private=True), ("private or not",)),
        (HANDED, replace(HANDED, rule="limit"), ("other rule only",)),
        (HANDED, replace(HANDED, reason="vip"), ("other rule only",)),
        (HANDED, replace(HANDED, due_first=NOON), ("due sooner",)),
        (HANDED, replace(HANDED, due_first=LATER + HOUR), ("due later",)),
        (HANDED, replace(HANDED, due_first=None), ("due later",)),  # what is not promised is never due
        (replace(HANDED, due_first=None), HANDED, ("due sooner",)),
        (HANDED, replace(HANDED, handed_off=NOON - HOUR), ("handed off sooner",)),
        (HANDED, replace(HANDED, handed_off=LATER), ("handed off later",)),
        (HANDED, replace(HANDED, due_first=NOON, first="missed"), ("missed now", "due sooner")),
        (replace(HANDED, first="missed"), replace(HANDED, priority="p1"), ("kept now", "other priority")),
        (HANDED, ANSWERED, ("no longer handed off",)),
        (ANSWERED, HANDED, ("handed off now",)),
        (ANSWERED, Outcome("refuse", "not-yours"), ("other reply",)),
        (Outcome("offer", "a"), Outcome("offer", "b"), ("other rule only",)),
        (ANSWERED, ANSWERED, ()),
    ],
)
def test_two_outcomes_differ_in(base: Outcome, head: Outcome, kinds: tuple[Kind, ...]) -> None:
    assert kinds_of(base, head) == kinds


def wish(days: Days) -> Case:
    return days.write("talk to a human")


def anger(days: Days) -> Case:
    return days.write("my lawyer will call")


def two_misses(days: Days) -> Case:
    days.write("flurb")
    return days.write("flarb florb", after=60)


def stuck(days: Days) -> Case:
    case = days.write("i forgot my password")
    return days.press(case, "stuck", PASSWORD.id, under=Answered)


def stuck_and_not_meant(days: Days) -> Case:
    return days.press(stuck(days), "not_meant", PASSWORD.id, under=HumanOffered)


def picked_and_stuck(days: Days) -> Case:
    case = days.press(days.write("my account password"), "pick", PASSWORD.id, under=Offered)
    return days.press(case, "stuck", PASSWORD.id, under=Answered)


def with_a_file(days: Days) -> Case:
    return days.write("flurb", files=(File("a, b.png", "image/png", "https://x/y"),))


def by_command(days: Days) -> None:
    days.command("my lawyer will call")


HAND_OVER = Then("handoff", queue="care")
NOT_MEANT = Trigger("wrong", When(feedback=("not_meant",)), HAND_OVER)


@pytest.mark.parametrize(
    ("done", "changes", "kinds"),
    [
        (wish, {"default_queue": "care"}, ("other queue",)),
        (wish, {"default_priority": "p1"}, ("other priority",)),
        (wish, {"slas": {}}, ("due later",)),
        (anger, {"triggers": ()}, ("no longer handed off",)),
        (by_command, {"triggers": ()}, ("no longer handed off",)),
        (anger, {"triggers": (replace(RULES.triggers[0], id="cross"),)}, ("other rule only",)),
        (two_misses, {"failed_attempts": 3}, ("no longer handed off",)),
        (two_misses, {"failed_attempts": 1}, ("handed off sooner", "due sooner")),
        (stuck, {"failed_attempts": 1}, ("handed off now",)),
        (stuck, {"triggers": (Trigger("no", When(entry=(PASSWORD.id,)), Then("refuse")),)}, ("other reply",)),
        (stuck_and_not_meant, {"triggers": (NOT_MEANT,)}, ("handed off now",)),
        (picked_and_stuck, {"failed_attempts": 1}, ("handed off now",)),
        (with_a_file, {"triggers": (Trigger("f", When(has_file=True), HAND_OVER),)}, ("handed off now",)),
        (stuck, {"routing": (Route(queue="care", category="accounts"),)}, ()),  # it never went to people
    ],
)  # fmt: skip
def test_what_would_have_been_different(
    days: Days, done: Callable[[Days], object], changes: dict[str, Any], kinds: tuple[Kind, ...]
) -> None:
    with days:
        done(days)

        assert told(days, but(**changes)).kinds == kinds
        assert told(days, BASE).kinds == ()


def test_what_was_pressed_is_left_out_where_nothing_could_have_been_pressed(days: Days) -> None:
    with days:
        stuck_and_not_meant(days)
        head = but(
            triggers=(
                Trigger("no", When(entry=(PASSWORD.id,), band=("sure",)), Then("refuse")),
                NOT_MEANT,
            )
        )

        assert told(days, head).head == Outcome("refuse", "no")


def test_a_person_who_comes_back_counts_as_often_as_then(days: Days) -> None:
    again = Trigger("again", When(repeat_contact=RepeatContact(7 * DAY, 2)), HAND_OVER)
    with days:
        days.write("i forgot my password", channel="D2")
        days.later(hours=1)
        days.write("i forgot my password", channel="D3")
        first, second = replayed(days, but(triggers=(again,)))

    assert isinstance(first, Compared)
    assert isinstance(second, Compared)
    assert (first.kinds, second.kinds) == ((), ("handed off now",))


def test_silence_before_a_handoff_passes_where_it_did_not(days: Days) -> None:
    at_once = but(ASKING, triggers=(Trigger("lost", When(failed_attempts_gte="limit"), Then("handoff")),))
    with days:
        days.knowledge = at_once
        stuck(days)
        days.write("flurb", after=60)

        one = told(days, ASKING, at_once)  # which first asks for the device, and waits

    assert one.base.handed_off is not None
    assert one.head.handed_off is not None
    assert one.kinds == ("handed off later", "due later")
    assert one.head.handed_off - one.base.handed_off == timedelta(minutes=10)


def test_what_was_asked_before_a_handoff_is_answered_again(days: Days) -> None:
    at_once = but(ASKING, triggers=(Trigger("lost", When(failed_attempts_gte="limit"), Then("handoff")),))
    with days:
        days.knowledge = ASKING
        stuck(days)
        case = days.write("flurb", after=60)
        days.write("a phone", after=60)
        days.press(case, "choose", "Mac", under=FieldAsked, after=60)
        days.press(case, "skip", under=FieldAsked, after=60)

        one = told(days, at_once, ASKING)

    assert one.base.handed_off is not None
    assert one.head.handed_off is not None
    assert one.kinds == ("handed off sooner", "due sooner")
    assert one.base.handed_off - one.head.handed_off == timedelta(minutes=3)


def test_the_bot_was_paused_then_whatever_the_rules(days: Days) -> None:
    with days:
        days.command("pause everywhere", user=DANA, channel="C0TECH")
        days.write("i forgot my password")
        days.command("resume everywhere", user=DANA, channel="C0TECH")
        days.write("i forgot my password", user="UOTHER", channel="D2")

        first, second = replayed(days, but(routing=(Route(queue="care", category="accounts"),)))

    assert isinstance(first, Compared)
    assert isinstance(second, Compared)
    assert first.kinds == ("other queue",)
    assert second.base.action == "answer"


# --- deadlines --------------------------------------------------------------------------------------------------------


def sla(**hours: float) -> dict[str, Any]:
    return {"slas": {"usual": {each: Targets(timedelta(**hours), HOUR, HOUR, business=False) for each in ("p2", "p3")}}}


@pytest.mark.parametrize(
    ("answered_after", "head", "firsts", "kinds"),
    [
        (1800, {"minutes": 15}, ("kept", "missed"), ("missed now", "due sooner")),
        (7200, {"hours": 3}, ("missed", "kept"), ("kept now", "due later")),
        (1800, {"minutes": 45}, ("kept", "kept"), ("due sooner",)),
        (None, {"minutes": 15}, (None, "missed"), ("missed now", "due sooner")),  # half an hour later nobody has
        (None, {"hours": 9}, (None, None), ("due later",)),  # and may still
    ],
)
def test_a_deadline_is_kept_by_when_people_really_answered(
    days: Days,
    answered_after: float | None,
    head: dict[str, float],
    firsts: tuple[str | None, str | None],
    kinds: tuple[Kind, ...],
) -> None:
    with days:
        case = wish(days)
        if answered_after:
            days.reply(case, user=DANA, after=answered_after)
        else:
            days.write("hello?", after=1800)
        one = told(days, but(**sla(**head)))

    assert (one.base.first, one.head.first) == firsts
    assert one.kinds == kinds


# --- the figures ------------------------------------------------------------------------------------------------------


def compared(case: str, customer: str, head: Outcome, *, hours: int = 0) -> Compared:
    return Compared(case, NOON + hours * HOUR, customer, "their words", HANDED, head, kinds_of(HANDED, head))


def test_each_case_is_told_once_under_all_in_which_it_differs_the_gravest_first() -> None:
    elsewhere = replace(HANDED, queue="care")
    found = tallied(
        [
            compared("T4", "ana", elsewhere, hours=2),
            compared("T3", "ana", elsewhere, hours=1),
            compared("T2", "bob", replace(elsewhere, due_first=NOON, first="missed")),
            compared("T1", "eve", HANDED),
            Untold("T6", NOON + HOUR, "ana", ERASED),
            Untold("T5", NOON, "ana", ERASED),
        ]
    )

    assert [(kinds, [one.case for one in cases]) for kinds, cases in found.groups] == [
        (("missed now", "other queue", "due sooner"), ["T2"]),
        (("other queue",), ["T3", "T4"]),
    ]
    assert (found.cases, found.handed_off, found.customers, found.count("other queue")) == (6, 4, 2, 3)
    assert (dict(found.base_first), dict(found.head_first)) == ({"kept": 4}, {"kept": 3, "missed": 1})
    assert [one.case for one in found.untold] == ["T5", "T6"]
    assert {one.words for one in found.changed} == {""}


# --- what cannot be told ----------------------------------------------------------------------------------------------


HEARD = Message(key="m:1", team=TEAM, user=CUSTOMER, channel=DM, ts="1.0", text="", direct=True)


def untold(days: Days, head: Knowledge, base: Knowledge = BASE) -> str:
    one = replayed(days, head, base)[-1]
    assert isinstance(one, Untold), one
    return one.why


def test_words_that_are_erased_cannot_be_played(days: Days) -> None:
    with days:
        two_misses(days)
        with days.store.book._file.writing() as connection:
            connection.execute("delete from texts where text = 'flurb'")

        assert untold(days, but(failed_attempts=1)) == ERASED


def test_what_was_decided_by_other_rules_is_no_change(days: Days) -> None:
    changed = but(default_queue="care")
    with days:
        wish(days)

        assert untold(days, BASE, changed) == (
            "something that it was decided by has changed since: handoff (human-request to tech as p3) then,"
            " handoff (human-request to care as p3) by now"
        )
        renamed = replace(changed, versions=replace(changed.versions, rules="r2", index="i2"))
        assert untold(days, BASE, renamed).startswith("it was decided by other rules and with another knowledge base: ")


def test_what_was_joined_to_another_case_is_no_handoff(days: Days) -> None:
    joining = but(duplicates=Duplicates(SameUser(HOUR, 0.8)))
    with days:
        days.knowledge = joining
        days.write("my lawyer will call")
        days.write("my lawyer will call", channel="D2")

        assert untold(days, but(triggers=()), joining) == JOINED


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ((Heard(at=NOON, actor=CUSTOMER, words="help me", stimulus=HEARD),), NOT_AT_ONCE),
        ((asked("help me"), Listed(at=NOON, actor=BOT, incident="T0", role="Tech")), LISTED),
        ((answered(),), SECOND),  # the button for it was pressed when the first case was over
    ],
)
def test_what_did_not_begin_with_their_own_words_cannot_be_played(
    days: Days, events: tuple[Event, ...], why: str
) -> None:
    with days:
        append(days.store.book, first_chapter("T1", *events))

        assert untold(days, BASE) == why


def test_whether_the_bot_was_mentioned_is_asked_only_where_it_matters(days: Days) -> None:
    with days:
        days.write("my lawyer will call", channel=HELP)

        assert untold(days, but(channels={HELP: ChannelRules("mention")})) == MENTION
        assert told(days, but(triggers=())).kinds == ("no longer handed off",)
        off = told(days, but(channels={HELP: ChannelRules("off")}))
        assert off.kinds == ("no longer handed off",)


def test_who_may_be_in_a_group_that_nobody_has_read_is_not_guessed(days: Days) -> None:
    vip = Trigger("vip", When(group=("board",)), Then("handoff", queue="care"))
    head = but(groups={"board": Group(usergroup="S0BOARD")}, triggers=(*RULES.triggers, vip))
    with days:
        days.write("i forgot my password")
        days.later(hours=1)
        days.write("my lawyer will call", user="UOTHER", channel="D2")

        first, second = replayed(days, head)
        assert isinstance(first, Untold)
        assert first.why == "it is not known whether they belong to `board`"
        assert isinstance(second, Compared)  # the words decide, whoever wrote them
        assert second.kinds == ()

        days.store.registry.remember_usergroup(TEAM, "S0BOARD", frozenset({"UOTHER"}), NOON)
        known = replayed(days, head)
        assert all(isinstance(one, Compared) and one.kinds == () for one in known)


def test_of_whom_no_profile_is_known_the_address_is_not_guessed(days: Days) -> None:
    vip = Trigger("vip", When(group=("board",)), Then("handoff", queue="care"))
    head = but(groups={"board": Group(email_domains=("board.example",))}, triggers=(vip,))
    with days:
        days.write("i forgot my password", user="UCEO")

        assert untold(days, head) == "it is not known whether they belong to `board`"
        days.store.registry.remember(Person("UCEO", TEAM, email="ceo@board.example"), NOON)
        assert told(days, head).kinds == ("handed off now",)


def test_what_was_asked_in_a_test_channel_is_left_out(days: Days) -> None:
    with days:
        days.knowledge = but(channels={HELP: ChannelRules("all", test=True)})
        days.write("my lawyer will call", channel=HELP)

        assert replayed(days, but(triggers=())) == []


# --- the same rules ---------------------------------------------------------------------------------------------------

WALKED = but(
    ASKING,
    triggers=(
        *RULES.triggers,
        Trigger("again", When(repeat_contact=RepeatContact(7 * DAY, 3)), Then("tag", raise_priority=1), also=True),
        Trigger("file", When(has_file=True), Then("tag", raise_priority=1, tags=("file",)), also=True),
        Trigger("wrong", When(feedback=("not_meant",)), Then("handoff", queue="care", collect=True)),
    ),
)
SAID = [
    *TABLE, "flurb", "flarb florb", "talk to a human", "thanks", "hello", "that's not it", "still broken", "that works",
    "my lawyer will call", "the second one", "none of these", "Mac", "skip", "yes", "agent my account is locked",
]  # fmt: skip
UNDER: dict[PressKind, type[Answered | Offered | HumanOffered | FieldAsked | Opened]] = {
    "stuck": Answered, "fixed": Answered, "pick": Offered, "none_of_these": Offered, "did_not_work": HumanOffered,
    "not_meant": HumanOffered, "choose": FieldAsked, "skip": FieldAsked, "human": Opened, "reopen": Opened,
}  # fmt: skip


def walk(days: Days, number: int) -> None:
    """Somebody does this and that, for better or worse."""
    chance = random.Random(number)
    user = f"U{number}" if number % 3 else "UREGULAR"
    channel = chance.choice([DM + user, HELP, QUIET, "C0OTHER"])
    case: Case | None = None
    days.later(hours=chance.choice([1, 30, 200]))
    for _ in range(chance.randint(2, 8)):
        if case is None or chance.random() < 0.5:
            thread = case.place.thread_ts if case else ""
            mention = channel == "C0OTHER" and not thread
            with suppress(AssertionError):  # nothing came of it
                text, after = chance.choice(SAID if case else list(TABLE)), chance.choice([3, 30, 700])
                case = days.write(text, user, channel, after=after, thread_ts=thread or None, mention=mention)
            days.tick(seconds=0)
            continue
        log = [event for _, event in days.store.book.log(case.id)]
        kind, under = chance.choice([one for one in UNDER.items() if any(isinstance(event, one[1]) for event in log)])
        said = next(event for event in reversed(log) if isinstance(event, under))
        choice = {"choose": "Mac", "skip": "", "none_of_these": ""}.get(kind, getattr(said, "entry", ""))
        choice = chance.choice(said.candidates).entry if kind == "pick" and isinstance(said, Offered) else choice
        case = days.press(case, kind, choice, under=under)


def test_played_again_by_the_same_rules_everything_is_as_it_was(tmp_path: Path) -> None:
    with Days(tmp_path / "tier1.db", WALKED) as days:
        for number in range(120):
            walk(days, number)
        found = replayed(days, WALKED, WALKED)
        log = [event for case in found for _, event in days.store.book.log(case.case)]

    assert [one for one in found if isinstance(one, Untold) or one.kinds] == []
    assert sum(isinstance(event, StillStuck | HumanOffered | FieldAsked) for event in log) > 10
    assert sum(one.base.handed_off is not None for one in found if isinstance(one, Compared)) > 10
