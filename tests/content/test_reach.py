"""Triggers, routes and queues that are never reached, and conditions that never hold: all of them, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.content.faults import Fault
from tests.content.small_files import ENTRY, kb, loaded_rules, short

KNOWN = """\
queues: {it: {channel: C0IT000001}, hr: {channel: C0HR000001}}
groups: {vip: {users: [U0A, U0B]}, one: {users: [U0A]}, board: {email_domains: [b.example.org]}}
words:
  lost: [lost laptop, stolen]
  laptop: [laptop, stolen]
  rude: [unacceptable]
"""  # seven lines with `triggers:`: the first trigger stands in line 8
HAND = "then: {action: handoff}"


def found(tmp_path: Path, *whens: str, also: str = "") -> list[Fault]:
    """What is said of these triggers, the first of which is `t0`. A line may be a whole trigger, too."""
    lines = [
        f"  - {{id: t{position}, {line if 'then:' in line else f'when: {{{line}}}, {HAND}'}}}"
        for position, line in enumerate(whens)
    ]
    return list(loaded_rules(tmp_path, KNOWN + "triggers:\n" + "\n".join(lines) + "\n" + also).faults)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # What is asked alone is there also with something more.
        ("feedback: still_stuck", "feedback: still_stuck"),
        ("feedback: still_stuck", "feedback: still_stuck, group: vip"),
        ("feedback: still_stuck", "all: [{feedback: still_stuck}, {failed_attempts_gte: limit}]"),
        ("any: [{group: vip}, {has_file: true}]", "has_file: true, band: none"),
        # A choice of few among a choice of many.
        ("feedback: [still_stuck, rejection]", "feedback: rejection"),
        ("band: [sure, unsure]", "band: unsure"),
        ("channel: [C0A, C0B]", "channel: C0B"),
        ("entry_policy: [always, never]", "entry_policy: always"),
        ("category: [billing, orders]", "category: billing"),
        # An entry is of its category.
        ("category: billing", "entry: billing/refund"),
        ("category: billing", "entry: billing/*"),
        ("entry: billing/*", "category: billing"),
        ("entry: billing/*", "entry: [billing/refund, billing/invoice]"),
        ("entry: [billing/refund, billing/invoice]", "entry: billing/invoice"),
        # Numbers: more failed attempts are also fewer, more contacts in less time are also fewer in more.
        ("failed_attempts_gte: 2", "failed_attempts_gte: 2"),
        ("failed_attempts_gte: 2", "failed_attempts_gte: 3"),
        ("failed_attempts_gte: limit", "failed_attempts_gte: limit"),
        ("repeat_contact: {within: 7d, count: 2}", "repeat_contact: {within: 2d, count: 3}"),
        ("repeat_contact: {within: 7d, count: 3}", "repeat_contact: {within: 7d, count: 3}"),
        ("repeat_contact: {within: 7d, count: 1}", "band: none"),  # this contact is one: it always holds
        # Groups: by name, as one of several, or because everybody in it is in the other too.
        ("group: [vip, board]", "group: board"),
        ("group: vip", "group: one"),
        ("group: vip", "group: U0B"),
        # Words: a list by its name, or because each of its phrases has one of the other's in it.
        ("keywords: [lost, rude]", "keywords: rude"),
        ("keywords: laptop", "keywords: lost"),
        # Not.
        ("not: {band: sure}", "band: none"),
        ("not: {band: sure}", "not: {band: [sure, unsure]}"),
        ("not: {category: billing}", "category: accounts"),
        ("not: {group: one}", "not: {group: vip}"),
        ("not: {failed_attempts_gte: 3}", "not: {failed_attempts_gte: 2}"),
        ("not: {all: [{band: none}, {has_file: true}]}", "band: sure"),
        ("not: {not: {has_file: true}}", "has_file: true"),
        ("has_file: false", "not: {has_file: true}"),
        # Several ways, each of them taken.
        ("any: [{band: none}, {band: unsure}]", "any: [{band: unsure, group: vip}, {band: none, has_file: true}]"),
        ("any: [{has_file: true}, {has_file: false}]", "group: vip"),
        # What only adds is not reached either.
        ("group: vip", "when: {group: vip}, also: true, then: {tags: [vip]}"),
        ("group: vip", "when: {group: vip}, then: {action: tag}"),
        # An offer is kept back where the entry says never; so is this other offer, and so where it does not.
        ("when: {group: vip}, then: {action: offer}", "when: {group: vip}, then: {action: offer}"),
        (
            "when: {group: vip}, then: {action: offer}",
            "group: vip, entry_policy: [offer, always], human_request: false, error: false",
        ),
        ("when: {group: vip}, then: {action: refuse}", "when: {group: vip}, then: {action: refuse}"),
        ("when: {group: vip}, then: {action: refuse}", "group: vip, human_request: false, error: false"),
    ],
)
def test_a_trigger_that_another_always_comes_before(first: str, second: str, tmp_path: Path) -> None:
    (fault,) = found(tmp_path, first, second)

    assert short(fault) == "9:10 RU074"
    assert fault.message == "trigger `t1` never acts: `t0` (line 8) always decides first"
    assert fault.hint == "move it above `t0`, or remove it"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("feedback: still_stuck, group: vip", "feedback: still_stuck"),  # others than VIPs are stuck too
        ("feedback: still_stuck", "feedback: [still_stuck, rejection]"),  # a rejection comes through
        ("category: billing", "category: [billing, orders]"),
        ("entry: billing/refund", "category: billing"),
        ("entry: billing/refund", "entry: billing/*"),
        ("entry: billing/refund", "entry: billing/refunds"),
        ("failed_attempts_gte: 3", "failed_attempts_gte: 2"),
        ("failed_attempts_gte: 1", "failed_attempts_gte: limit"),  # what an entry's limit is, is not known here
        ("failed_attempts_gte: limit", "failed_attempts_gte: 100"),
        ("repeat_contact: {within: 2d, count: 3}", "repeat_contact: {within: 7d, count: 3}"),
        ("repeat_contact: {within: 7d, count: 3}", "repeat_contact: {within: 7d, count: 2}"),
        ("group: one", "group: vip"),
        ("group: vip", "group: [vip, board]"),
        ("keywords: lost", "keywords: laptop"),  # not every laptop is lost
        ("keywords: rude", "keywords: [rude, lost]"),
        ("band: none", "not: {band: sure}"),  # there may be no band at all
        ("not: {category: billing}", "not: {category: orders}"),
        ("not: {group: vip}", "not: {group: one}"),
        ("any: [{band: none}, {group: vip}]", "any: [{band: none}, {has_file: true}]"),
        ("has_file: true", "has_file: false"),
        ("human_request: false", "human_request: true"),
        # What only adds does not decide.
        ("when: {group: vip}, also: true, then: {action: handoff, tags: [vip]}", "group: vip"),
        ("when: {group: vip}, then: {action: tag}", "group: vip"),
        # What is kept back does not decide: an entry that says never is handed off by the second.
        ("when: {group: vip}, then: {action: offer}", "group: vip"),
        ("when: {group: vip}, then: {action: offer}", "group: vip, entry_policy: never"),
        ("when: {group: vip}, then: {action: offer}", "when: {group: vip}, then: {action: refuse}"),
        # Nor does what is not heeded where people get it anyway: to whom, the second says.
        ("when: {group: vip}, then: {action: offer}", "group: vip, human_request: true"),
        ("when: {group: vip}, then: {action: offer}", "group: vip, entry_policy: [offer, always]"),
        ("when: {group: vip}, then: {action: refuse}", "group: vip"),
        ("when: {group: vip}, then: {action: refuse}", "group: vip, error: true"),
    ],
)
def test_a_trigger_that_still_acts_is_left_alone(first: str, second: str, tmp_path: Path) -> None:
    assert found(tmp_path, first, second) == []


def test_several_triggers_may_take_all_of_a_third(tmp_path: Path) -> None:
    (fault,) = found(tmp_path, "category: billing", "category: [orders, people]", "category: [billing, orders]")

    assert fault.message == "trigger `t2` never acts: `t0` (line 8) and `t1` (line 9) together always decide first"


def test_what_two_triggers_leave_between_them_comes_to_a_third(tmp_path: Path) -> None:
    # With a file, from somebody who is no VIP.
    assert found(tmp_path, "has_file: true, group: vip", "has_file: false", "band: none") == []


def test_of_many_triggers_the_first_few_are_named(tmp_path: Path) -> None:
    *_, fault = found(
        tmp_path, *(f"category: c{n}" for n in range(8)), f"category: [{', '.join(f'c{n}' for n in range(8))}]"
    )

    assert "`t3` (line 11) and 4 more together always decide first" in fault.message


def test_a_condition_too_tangled_to_be_taken_apart_keeps_nobody_from_being_looked_at(tmp_path: Path) -> None:
    tangled = f"all: [{', '.join(['{any: [{group: vip}, {band: none}]}'] * 40)}]"

    assert [short(fault) for fault in found(tmp_path, tangled, "has_file: true", "has_file: true")] == ["10:10 RU074"]


def test_each_unreached_trigger_is_told_of_once_and_keeps_nobody_else_away(tmp_path: Path) -> None:
    faults = found(tmp_path, "group: vip", "group: one", "group: U0A", "band: none")

    assert [(short(fault), "`t0`" in fault.message) for fault in faults] == [
        ("9:10 RU074", True),
        ("10:10 RU074", True),
    ]


def test_a_trigger_that_cannot_be_read_whole_keeps_nobody_away(tmp_path: Path) -> None:
    faults = found(tmp_path, "bnd: sure, has_file: true", "has_file: true", "has_file: true")

    assert [short(fault) for fault in faults] == ["8:21 RU003", "10:10 RU074"]
    assert "`t1`" in faults[1].message


def test_words_that_cannot_be_read_are_not_compared(tmp_path: Path) -> None:
    text = KNOWN.replace("[laptop, stolen]", "[laptop, yes]") + (
        "triggers:\n"
        f"  - {{id: a, when: {{keywords: laptop}}, {HAND}}}\n"
        f"  - {{id: b, when: {{keywords: lost}}, {HAND}}}\n"
        f"  - {{id: c, when: {{keywords: laptop}}, {HAND}}}\n"
    )

    assert [short(fault) for fault in loaded_rules(tmp_path, text).faults] == ["5:20 RU007", "10:10 RU074"]


NEVER = [  # a condition; where the smallest part of it that never holds begins; what is said
    ("category: billing, entry: accounts/reset", "8:20", "`category: billing` and `entry: accounts/reset` can never"),
    ("all: [{category: billing}, {entry: accounts/*}]", "8:20", "can never hold together"),
    ("category: billing, not: {entry: billing/*}", "8:20", "`category: billing` and `not: {entry: billing/*}` can"),
    ("band: sure, not: {band: sure}", "8:20", "`band: sure` and `not: {band: sure}` can never hold together"),
    ("all: [{band: sure}, {band: none}]", "8:20", "`band: sure` and `band: none` can never hold together"),
    ("has_file: true, not: {has_file: true}", "8:20", "together"),
    ("failed_attempts_gte: 3, not: {failed_attempts_gte: 2}", "8:20", "together"),
    ("failed_attempts_gte: limit, not: {failed_attempts_gte: limit}", "8:20", "together"),
    ("group: one, not: {group: vip}", "8:20", "`group: one` and `not: {group: vip}` can never hold together"),
    ("keywords: lost, not: {keywords: laptop}", "8:20", "together"),  # who lost a laptop has one
    ("repeat_contact: {within: 1d, count: 3}, not: {repeat_contact: {within: 7d, count: 2}}", "8:20", "together"),
    ("not: {repeat_contact: {within: 7d, count: 1}}", "8:20", "can never hold"),
    ("any: [{band: none}, {band: sure, not: {band: sure}}]", "8:41", "can never hold together"),  # the part
    ("not: {all: [{band: sure}, {band: none}]}", "8:26", "together"),
    (
        "band: sure, any: [{band: none}, {band: unsure}]",
        "8:20",
        "`band: sure` and `any: [{band: none}, {band: unsure}]`",
    ),
    ("all: [{any: [{band: none}, {has_file: true}]}, {has_file: false}, {band: sure}]", "8:20", "can never hold"),
    ("after_hours: true", "8:20", "the calendar of `defaults` never closes"),
]


@pytest.mark.parametrize(("when", "place", "said"), NEVER)
def test_a_condition_that_never_holds(when: str, place: str, said: str, tmp_path: Path) -> None:
    (fault,) = found(tmp_path, when)

    assert short(fault) == f"{place} RU075"
    assert said in fault.message
    assert fault.hint


@pytest.mark.parametrize(
    "when",
    [
        "category: billing, entry: [accounts/reset, billing/refund]",  # one of them is
        "entry: billing/*, not: {entry: billing/refund}",  # there may be others
        "category: billing, not: {entry: billing/refund}",
        "not: {feedback: [still_stuck, did_not_work, not_meant, none_of_these, rejection]}",  # nothing is said
        "not: {band: [sure, unsure, none]}",  # nothing was looked up
        "all: [{group: vip}, {not: {group: one}}]",
        "all: [{group: vip}, {group: board}]",  # one may be in both
        "all: [{keywords: lost}, {keywords: rude}]",
        "keywords: laptop, not: {keywords: lost}",
        "failed_attempts_gte: 2, not: {failed_attempts_gte: 3}",
        "failed_attempts_gte: limit, not: {failed_attempts_gte: 5}",
        "repeat_contact: {within: 7d, count: 2}, not: {repeat_contact: {within: 1d, count: 2}}",
        "after_hours: false",
    ],
)
def test_a_condition_that_may_hold_is_left_alone(when: str, tmp_path: Path) -> None:
    assert found(tmp_path, when) == []


@pytest.mark.parametrize(
    ("sections", "codes"),
    [
        ("", ["RU075"]),  # without a calendar it is always open
        ("calendars: {a: {weekly: {mon: ['09:00-17:00']}}}\n", ["RU075"]),  # not the usual one
        ("defaults: {calendar: a}\ncalendars: {a: {always_open: true}}\n", ["RU075"]),
        ("defaults: {calendar: a}\ncalendars: {a: {weekly: {mon: ['09:00-17:00']}}}\n", []),
        ("defaults: {calendar: a}\ncalendars: {a: {weekly: {mon: ['9-5']}}}\n", ["RU061"]),  # not read: not known
        ("defaults: {calendar: b}\ncalendars: {a: {}}\n", ["RU060"]),
    ],
)
def test_after_hours_needs_a_usual_calendar_that_closes(sections: str, codes: list[str], tmp_path: Path) -> None:
    assert [fault.code for fault in found(tmp_path, "after_hours: true", also=sections)] == codes


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ("when: {human_request: true}, then: {action: refuse}", ["8:49 RU072"]),
        ("when: {human_request: true}, then: {action: offer}", ["8:49 RU072"]),
        ("when: {all: [{human_request: true}, {group: vip}]}, then: {action: offer}", ["8:72 RU072"]),  # however deep
        ("when: {human_request: true}, then: {action: handoff, queue: hr}", []),  # says to whom
        ("when: {human_request: true}, then: {action: tag, tags: [wish]}", []),
        ("when: {any: [{human_request: true}, {group: vip}]}, then: {action: refuse}", []),  # others are refused
        ("when: {human_request: false}, then: {action: refuse}", []),
    ],
)
def test_a_wish_for_a_human_is_neither_refused_nor_only_offered(
    trigger: str, expected: list[str], tmp_path: Path
) -> None:
    assert [short(fault) for fault in found(tmp_path, trigger)] == expected


@pytest.mark.parametrize(
    ("routes", "expected", "said"),
    [
        # A route is taken by one above it that fits all of its cases.
        (
            ["{queue: it}", "{category: billing, queue: hr}"],
            ["5:5 RU074"],
            "this route never counts: the route in line 4",
        ),
        (["{priority: p2}", "{entry: billing/refund, queue: hr}"], ["5:5 RU074"], "line 4"),
        (["{queue: it}", "{queue: hr}"], ["5:5 RU074"], "line 4"),
        (["{category: billing, queue: it}", "{entry: billing/refund, queue: hr}"], ["5:5 RU074"], "line 4"),
        (["{category: billing, queue: it}", "{entry: billing/*, queue: hr}"], ["5:5 RU074"], "line 4"),
        (["{entry: billing/*, queue: it}", "{entry: billing/refund, queue: hr}"], ["5:5 RU074"], "line 4"),
        (["{category: [a, b], queue: it}", "{category: b, priority: p2}"], ["5:5 RU074"], "line 4"),
        (["{entry: a/b, queue: it}", "{entry: a/b, queue: hr}"], ["5:5 RU074"], "line 4"),
        (["{category: a, queue: it}", "{category: b, queue: it}", "{entry: [a/x, b/y], queue: hr}"], ["6:5 RU074"], ""),
        # Only a part of it is taken.
        (["{category: a, queue: it}", "{category: [b, a], queue: hr}"], ["5:20 RU074"], "`a` never counts"),
        (["{category: a, queue: it}", "{entry: [a/x, b/y], queue: hr}"], ["5:14 RU074"], "`a/x` never counts"),
        # Something comes through.
        (["{entry: billing/refund, queue: hr}", "{category: billing, queue: it}", "{queue: it}"], [], ""),
        (["{entry: billing/*, queue: hr}", "{category: billing, queue: it}"], [], ""),  # a case may have no entry yet
        (["{entry: billing/refund, queue: hr}", "{entry: billing/*, queue: it}"], [], ""),
        (["{category: a, queue: it}", "{category: b, queue: it}", "{queue: hr}"], [], ""),
        # An entry outside of the category beside it.
        (["{entry: a/x, category: b, queue: it}"], ["4:13 RU075"], "`a/x` is not in category `b`"),
        (["{entry: a/x, category: [a, b], queue: it}", "{entry: a/x, queue: it}"], ["5:5 RU074"], "line 4"),
        # A route that does nothing, and takes nothing away.
        (["{entry: a/x}", "{entry: a/x, queue: it}"], ["4:5 RU068"], "leads nowhere"),
        (["{}", "{category: a, queue: it}"], ["4:5 RU068"], "leads nowhere"),
        (["{category: a, queu: it}"], ["4:5 RU068", "4:19 RU003"], ""),
    ],
)
def test_routes(routes: list[str], expected: list[str], said: str, tmp_path: Path) -> None:
    text = "queues: {it: {channel: C0IT000001}, hr: {channel: C0HR000001}}\n\nrouting:\n"
    faults = loaded_rules(tmp_path, text + "".join(f"  - {route}\n" for route in routes)).faults

    assert [short(fault) for fault in faults] == expected
    assert not faults or said in faults[0].message


QUEUES = """\
queues:
  it: {channel: C0IT000001}
  hr: {channel: C0HR000001, %s}
"""


@pytest.mark.parametrize(
    ("of_queue", "sections"),
    [
        ("tier: 3", ""),  # specialists escalate to it
        ("", "triggers: [{id: a, when: {band: none}, then: {action: handoff, queue: hr}}]"),
        ("", "triggers: [{id: a, also: true, when: {band: none}, then: {queue: hr}}]"),
        ("", "routing: [{category: people, queue: hr}]"),
        ("", "channels: {C0A: {queue: hr}}"),
        ("", "defaults: {queue: hr}\nrouting: [{category: people, queue: it}]"),
        ("", "duplicates: {surge: {users: 5, window: 20m, similarity: 0.8, queue: hr}}"),
        ("", "ladders: {up: [{at: 1h, do: move, to: hr}]}"),
    ],
)
def test_a_queue_that_something_leads_to(of_queue: str, sections: str, tmp_path: Path) -> None:
    text = QUEUES.replace("IT000001", "IT000001, ladder: up" if "ladders" in sections else "IT000001") % of_queue

    assert loaded_rules(tmp_path, f"{text}{sections}\n", entry_queues=frozenset()).faults == ()


@pytest.mark.parametrize(
    ("of_queue", "sections"),
    [
        ("tier: 2", ""),
        ("tier: 1", "routing: [{category: people, queue: it}]"),
        ("ladder: up", "ladders: {up: [{at: 1h, do: raise}]}"),
        ("", "tests: [{name: a, given: {}, expect: {queue: hr}}]"),  # a test leads nobody anywhere
        ("", "ladders: {up: [{at: 1h, do: move, to: hr}]}"),  # a ladder that no queue has
    ],
)
def test_a_queue_that_nothing_leads_to(of_queue: str, sections: str, tmp_path: Path) -> None:
    text = f"{QUEUES % of_queue}{sections}\n"

    (fault,) = loaded_rules(tmp_path, text, entry_queues=frozenset()).faults

    assert str(fault).startswith(f"{tmp_path}/escalation_rules.yaml:3:3 RU076 warning nothing leads to queue `hr` -> ")
    assert loaded_rules(tmp_path, text, entry_queues=frozenset({"hr"})).faults == ()  # an entry does
    assert loaded_rules(tmp_path, text).faults == ()  # what entries name is not known


def test_the_check_knows_which_queues_entries_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(QUEUES % "", encoding="utf-8")
    check = ["rules", "check", "--rules", str(rules), "--kb", str(tmp_path / "kb")]

    kb(tmp_path / "kb", people__leave=ENTRY)
    assert main(check) == 0
    assert "nothing leads to queue `hr`" in capsys.readouterr().out
    kb(tmp_path / "kb", people__leave=ENTRY + "escalate: {queue: hr}\n")
    assert main(check) == 0
    assert capsys.readouterr().out == "2 queues, 0 triggers, 0 errors, 0 warnings\n"
    kb(tmp_path / "kb", people__leave=ENTRY + "escalate: {que: hr}\n")  # what it names is not known
    assert main(check) == 0
    assert capsys.readouterr().out == "2 queues, 0 triggers, 0 errors, 0 warnings\n"


def test_with_an_error_in_the_file_no_queue_is_said_to_be_unreached(tmp_path: Path) -> None:
    text = QUEUES % "" + "routing: [{category: people, queu: hr, priority: p1}]\n"

    assert [fault.code for fault in loaded_rules(tmp_path, text, entry_queues=frozenset()).faults] == ["RU003"]
