"""Faults that only the whole of the rules shows: one row each, with its exact place, its code and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.small_files import RULES, loaded_rules, short

LADDER = "ladders: {up: [%s]}"


@pytest.mark.parametrize(
    ("fallbacks", "expected", "said"),
    [  # "ab" falls back from a to b; "c" on nothing
        (["aa"], ["2:31 RU067"], "`a > a` falls back on itself"),
        (["ab", "ba"], ["2:31 RU067"], "`a > b > a` fall back on each other"),
        (["ab", "bc", "cb"], ["3:31 RU067"], "`b > c > b`"),  # a only leads there
        (["ab", "ba", "cc"], ["2:31 RU067", "4:31 RU067"], "`a > b > a`"),
        (["ab", "bc", "c"], [], ""),
        (["ac", "bc", "c"], [], ""),  # two that lead to one
        (["ad", "bd", "c"], ["2:31 RU060", "3:31 RU060"], ""),  # no such queue: no circle either
    ],
)
def test_queues_that_fall_back_in_a_circle(
    fallbacks: list[str], expected: list[str], said: str, tmp_path: Path
) -> None:
    queues = (
        f"  {way[0]}: {{channel: C0{way[0].upper()}{f', fallback: {way[1]}' if way[1:] else ''}}}\n"
        for way in fallbacks
    )

    faults = loaded_rules(tmp_path, "queues:\n" + "".join(queues)).faults

    assert [short(fault) for fault in faults] == expected
    assert not said or said in faults[0].message


@pytest.mark.parametrize(
    ("added", "expected", "hint"),
    [  # what is added after two good lines; all that is said; a piece of the first way out
        # Groups.
        ("groups: {crew: {audience: [staff]}}", ["3:10 RU077"], "add `usergroup`, `users` or `email_domains`"),
        ("groups: {crew: {}}", ["3:10 RU077"], "or remove it"),
        ("groups: {crew: {users: [], email_domains: []}}", ["3:10 RU077"], ""),
        ("groups: {crew: {users: []}}\nchannels: {C0A: {queue: it}}", ["3:10 RU077"], ""),
        ("groups: {crew: {users: [anna]}}", ["3:25 RU026"], ""),  # somebody is meant
        ("groups: {crew: {usergroup: S0CREW00001}}", [], ""),
        ("groups: {crew: {email_domains: ['@example.com']}}", ["3:33 RU020"], "write `example.com`"),
        ("groups: {crew: {email_domains: ['*.example.com']}}", ["3:33 RU020"], "write `example.com`"),  # compared whole
        ("groups: {crew: {email_domains: [anna@example.com]}}", ["3:33 RU020"], "write `example.com`"),
        ("groups: {crew: {email_domains: [example com]}}", ["3:33 RU020"], "like example.com"),
        ("groups: {crew: {email_domains: [example]}}", ["3:33 RU020"], "like example.com"),
        ("groups: {crew: {email_domains: [Mail.exämple.co.uk]}}", [], ""),
        # Ladders.
        (LADDER % "{at: 1h, do: move}", ["3:16 RU068"], "name the queue"),
        (LADDER % "{at: 1h, do: move, to: []}", ["3:16 RU068"], "name the queue"),
        (LADDER % "{at: 1h, do: move, to: sales}", ["3:39 RU060"], ""),  # no follow-up
        (LADDER % "{at: 1h, do: notify_lead}", ["3:16 RU068"], "name a group or a person"),
        (LADDER % "{at: 1h, do: raise}", [], ""),  # one step
        (LADDER % "{at: 1h, do: remind}", [], ""),
        (LADDER % "{at: 1h, do: ping_group}", [], ""),  # of a ladder that no queue has
        (LADDER % "{at: 1h, do: move, to: it}", [], ""),
        (LADDER % '{at: "100% resolution", do: remind}, {at: "50% resolution", do: remind}', [], ""),  # in any order
        (LADDER % "{at: 0m, do: remind}", ["3:21 RU023"], "after the handoff"),
        # No time at all.
        ("slas: {fast: {p1: {first_response: 0m}}}", ["3:36 RU023"], "write how long"),
        ("slas: {fast: {p1: {resolution: 0h0m}}}", ["3:32 RU023"], ""),
        ("duplicates: {same_user: {window: 0s, similarity: 1}}", ["3:34 RU023"], ""),
        ("duplicates: {surge: {users: 5, window: 0m, similarity: 1}}", ["3:40 RU023"], ""),
        ("closing: {confirm_after: 0m}", ["3:26 RU023"], "remove the line"),
        ("closing: {auto_close_after: 0d, warn_before: 1d}", ["3:29 RU023"], ""),
        ("trial: {window: 0d}", ["3:17 RU023"], ""),
        (
            "triggers: [{id: a, when: {repeat_contact: {within: 0d, count: 2}}, then: {action: tag}}]",
            ["3:52 RU023"],
            "",
        ),
        ("edits_within: 0m", [], ""),  # never
        ("duplicates: {reopen_within: 0m}", [], ""),  # not at all
        ("retention: {texts: 0}", ["3:20 RU021"], "to keep for ever, remove the line"),
        ("retention: {texts: 90, words: 30}", ["3:24 RU003"], "known here: events, files, outbox, stimuli, texts"),
        ("retention: {events: 400d, stimuli: 30, outbox: 30}", [], ""),
        # A warning that comes too early.
        ("closing: {auto_close_after: 1d, warn_before: 2d}", ["3:46 RU066"], "counts back from the closing"),
        ("closing: {auto_close_after: 3d, warn_before: 2d}", [], ""),
        # A question that comes too late.
        ("closing: {confirm_after: 3d, auto_close_after: 3d}", ["3:26 RU066"], "ask sooner"),
        ("closing: {confirm_after: 3d}", [], ""),
        # Calendars.
        (
            "calendars: {a: {always_open: true, weekly: {mon: ['09:00-17:00']}}}",
            ["3:30 RU061"],
            "keep one of them",
        ),
        ("calendars: {a: {always_open: false, weekly: {mon: ['09:00-17:00']}}}", [], ""),
        ("calendars: {a: {holidays: [{country: XX}]}}", ["3:38 RU065"], "list the days by `date`"),
        ("calendars: {a: {holidays: [{country: EN, subdivision: ENG}]}}", ["3:38 RU065"], "two letters"),
        ("calendars: {a: {holidays: [{country: DE, subdivision: be}]}}", ["3:55 RU065"], "did you mean `BE`?"),
        ("calendars: {a: {holidays: [{country: GB, subdivision: Englnd}]}}", ["3:55 RU065"], "did you mean `England`?"),
        ("calendars: {a: {holidays: [{country: NL, subdivision: NH}]}}", ["3:55 RU065"], "known here"),
        ("calendars: {a: {holidays: [{date: 2026-12-25, subdivision: BE}]}}", ["3:28 RU065"], "the country too"),
        ('calendars: {a: {holidays: [{country: DE, subdivision: BE}], weekly: {mon: ["09:00-17:00"]}}}', [], ""),
        (
            'calendars: {a: {holidays: [{country: GB, subdivision: ENG}, {country: us}], weekly: {mon: ["09:00-17:00"]}'
            "}}",
            [],
            "",
        ),
        # Kinds that are masked.
        ("redaction: [password, phone]", ["3:23 RU020"], "one of: private_key, token"),
        ("redaction: [emails]", ["3:13 RU020"], "did you mean `email`?"),
        ("redaction: [private_key, token, card_number, password, iban, email]", [], ""),
        # Word lists.
        ("words: {security: []}", ["3:19 RU008"], "add some"),
        ("words: {security: [the, hacked]}", ["3:20 RU057"], "words that only such a message has"),
        ("words: {security: [help me please]}", ["3:20 RU057"], ""),
        ("words: {security: [hacked, phishing, Hacked!]}", ["3:38 RU051"], "remove one"),
        ("words: {security: ['!!!']}", ["3:20 RU008"], "write a word"),
        ("words: {security: [data leak, leak], other: [leak]}", [], ""),  # a list may hold what another has
        # The digest and bots.
        ("digest: {channel: C0A, at: '09:00', time: '09:00'}", ["3:43 RU004"], "remove `time`"),
        ("digest: {channel: C0A, time: '09:00'}", [], ""),
        ("bots: {listen_to: [jenkins]}", ["3:20 RU026"], "B0123456789"),
        ("bots: {listen_to: [B0CI000001, U0CI000001]}", [], ""),
    ],
)
def test_what_only_the_whole_shows(added: str, expected: list[str], hint: str, tmp_path: Path) -> None:
    faults = loaded_rules(tmp_path, f"{RULES}{added}\n").faults

    assert [short(fault) for fault in faults] == expected, faults
    assert not faults or hint in faults[0].hint


@pytest.mark.parametrize(
    ("queue", "rung", "expected"),
    [
        ("ladder: up", "{at: 1h, do: ping_group}", ["4:7 RU068"]),  # whoever is in the channel cannot be called by name
        ("ladder: up, members: []", "{at: 1h, do: ping_group}", ["4:7 RU068"]),
        ("ladder: up, members: [U0ANNA00001]", "{at: 1h, do: ping_group}", []),  # the members are called
        ("ladder: up", "{at: 1h, do: ping_group, to: U0ANNA00001}", []),
        ("ladder: up", "{at: 1h, do: move, to: it}", ["4:30 RU068"]),  # from itself to itself
        ("ladder: up", "{at: 1h, do: move, to: hr}", []),
    ],
)
def test_ladders_and_the_queues_that_have_them(queue: str, rung: str, expected: list[str], tmp_path: Path) -> None:
    queues = f"queues: {{it: {{channel: C0IT, {queue}}}, hr: {{channel: C0HR}}}}"

    faults = loaded_rules(tmp_path, f"{queues}\nladders:\n  up:\n    - {rung}\n").faults

    assert [short(fault) for fault in faults] == expected


def test_a_ladder_of_several_queues_that_moves_to_one_of_them_does_nothing_there(tmp_path: Path) -> None:
    text = "queues: {it: {channel: C0IT, ladder: up}, hr: {channel: C0HR, ladder: up}}\n"

    found = loaded_rules(tmp_path, text + "ladders: {up: [{at: 1h, do: move, to: it}]}\n")

    assert [short(fault) for fault in found.faults] == ["2:39 RU081"]
    assert "would be moved to `it`, where they are" in found.faults[0].message
    assert found.value is not None


@pytest.mark.parametrize(
    ("test", "expected", "hint"),
    [  # what is given and expected in line 5; all that is said; a piece of the first way out
        ("given: {text: x}, expect: {rule: lost}", [], ""),
        ("given: {text: x}, expect: {rule: human-request}", [], ""),  # built in
        ("given: {text: x}, expect: {rule: escalate-always}", [], ""),
        ("given: {text: x}, expect: {rule: limit}", [], ""),
        ("given: {text: x}, expect: {rule: still-stuck}", [], ""),
        ("given: {text: x}, expect: {rule: error}", [], ""),
        ("given: {text: x}, expect: {rule: los}", ["5:46 RU060"], "did you mean `lost`?"),
        ("given: {text: x}, expect: {action: handoff}", [], ""),
        ("given: {text: x}, expect: {action: answer}", [], ""),
        ("given: {text: x}, expect: {action: hand off}", ["5:48 RU020"], "did you mean `handoff`?"),
        ("given: {text: x}, expect: {}", ["5:39 RU068"], "what must follow"),
        ("given: {user: anna}, expect: {rule: lost}", ["5:27 RU026"], "U0123456789"),
        ("given: {channel: '#help'}, expect: {rule: lost}", ["5:30 RU026"], "C0123456789"),
        ("given: {history: [a, b]}, expect: {rule: lost}", [], ""),
        ("given: {history: a}, expect: {rule: lost}", [], ""),
        ("given: {history: [{at: '2026-11-20T10:00', text: a}, b]}, expect: {rule: lost}", [], ""),
        ("given: {history: [{at: '2026-11-20T10:00'}]}, expect: {rule: lost}", [], ""),  # that they came is enough
        ("given: {history: [{text: a}]}, expect: {rule: lost}", ["5:31 RU005"], "add it"),
        ("given: {history: [{at: yesterday}]}, expect: {rule: lost}", ["5:36 RU063"], ""),
        (
            "given: {at: '2026-11-20T10:00', history: [a, {at: '2026-11-20T10:00'}]}, expect: {rule: lost}",
            ["5:63 RU063"],
            "`history` is what was before `at`",
        ),
        ("given: {at: '1066-10-14T09:00'}, expect: {rule: lost}", ["5:25 RU063"], ""),  # a slip of the finger
    ],
)
def test_tests_that_cannot_be_meant(test: str, expected: list[str], hint: str, tmp_path: Path) -> None:
    trigger = "triggers: [{id: lost, when: {band: none}, then: {action: handoff}}]"

    faults = loaded_rules(tmp_path, f"{RULES}{trigger}\ntests:\n- {{name: a, {test}}}\n").faults

    assert [short(fault) for fault in faults] == expected, faults
    assert not faults or hint in faults[0].hint


def test_two_tests_with_one_name(tmp_path: Path) -> None:
    tests = "".join(f"- {{name: {name}, given: {{}}, expect: {{rule: limit}}}}\n" for name in ("a b", "c", '"a  b"'))

    (fault,) = loaded_rules(tmp_path, f"{RULES}tests:\n{tests}").faults

    assert (short(fault), fault.message) == ("6:10 RU064", "test `a b` stands already in line 4")


def test_a_test_may_expect_a_trigger_that_cannot_be_read(tmp_path: Path) -> None:
    text = f"{RULES}triggers: [{{id: lost, when: {{}}}}]\ntests: [{{name: a, given: {{}}, expect: {{rule: lost}}}}]\n"

    assert [fault.code for fault in loaded_rules(tmp_path, text).faults] == ["RU005", "RU008"]


def test_all_of_it_is_told_in_one_run(tmp_path: Path) -> None:
    text = """\
queues:
  it: {channel: C0IT000001, fallback: it}
  hr: {channel: '#hr'}
groups: {crew: {}}
words: {a: [hacked], b: [the]}
triggers:
  - {id: a, when: {keywords: a}, then: {action: handoff}}
  - {id: b, when: {keywords: a}, then: {action: handoff}}
  - {id: c, when: {band: sure, not: {band: sure}}, then: {action: handoff}}
routing:
  - {queue: it}
  - {category: x, queue: it}
tests:
  - {name: a, given: {}, expect: {rule: d}}
"""

    assert [short(fault) for fault in loaded_rules(tmp_path, text).faults] == [
        "2:39 RU067",
        "3:17 RU026",
        "4:10 RU077",
        "5:26 RU057",
        "8:10 RU074",
        "9:19 RU075",
        "12:5 RU074",
        "14:41 RU060",
    ]
