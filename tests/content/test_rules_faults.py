"""Every fault of the rules: one row each, with its exact place, its code and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.small_files import RULES, loaded_rules, short

IDS = frozenset({"accounts/reset", "billing/refund"})

ADDED = [  # what is added after two good lines; where; what; a piece of the way out
    # Keys and kinds.
    ("trigers: []", "3:1 RU003", "did you mean `triggers`?"),
    ("defaults: {timzone: UTC}", "3:12 RU003", "did you mean `timezone`?"),
    ("triggers: [{id: a, when: {keyword: x}, then: {action: tag}}]", "3:27 RU003", "did you mean `keywords`?"),
    ("triggers: [{id: a, when: {not: {bnd: sure}}, then: {action: tag}}]", "3:33 RU003", "did you mean `band`?"),
    ("triggers: [{id: a, when: {any: [{bnd: sure}]}, then: {action: tag}}]", "3:34 RU003", "did you mean `band`?"),
    ("queues: {}", "3:1 RU004", "keep one"),
    ("triggers: [{when: {band: none}, then: {action: tag}}]", "3:12 RU005", "add it"),
    ("triggers: [{id: a, when: {band: none}, then: {queue: it}}]", "3:46 RU005", "handoff"),
    ("triggers: {a: b}", "3:11 RU006", "- "),
    ("channels: [C0HELP00001]", "3:11 RU006", "key: value"),
    ("defaults: UTC", "3:11 RU006", "key: value"),
    ("groups:", "3:8 RU008", "remove the key"),
    ("triggers: [{id: a, when: {}, then: {action: tag}}]", "3:26 RU008", "what must hold"),
    ("triggers: [{id: a, when: {any: []}, then: {action: tag}}]", "3:32 RU008", "add some"),
    # Words that YAML takes for something else.
    ("channels: {C0RANDOM001: {mode: off}}", "3:32 RU007", '"off"'),  # the classic
    ("channels: {C0RANDOM001: {language: no}}", "3:36 RU007", '"no"'),
    ("words: {security: [yes]}", "3:20 RU007", '"yes"'),
    ("words: {on: [x]}", "3:9 RU007", '"on"'),  # a key is text too
    ("digest: {at: 17:00}", "3:14 RU007", '"17:00"'),  # base sixty
    ("tests: [{name: x, given: {at: 2026-11-27T15:00:00+01:00}, expect: {}}]", "3:31 RU007", "quotes"),
    ("calendars: {a: {holidays: [{country: NO, name: Norway}]}}", "3:38 RU007", '"NO"'),
    # Choices, numbers, lengths of time, days.
    ("channels: {C0RANDOM001: {mode: quiet}}", "3:32 RU020", ""),
    ("triggers: [{id: a, when: {band: shure}, then: {action: tag}}]", "3:33 RU020", "did you mean `sure`?"),
    ("triggers: [{id: a, when: {band: none}, then: {action: hand off}}]", "3:55 RU020", "did you mean `handoff`?"),
    ("triggers: [{id: a, when: {band: none}, then: {action: tag, reason: because}}]", "3:68 RU020", ""),
    ("defaults: {priority: high}", "3:22 RU020", ""),
    ("permissions: {claims: []}", "3:15 RU003", "did you mean `claim`?"),
    ("defaults: {failed_attempts: many}", "3:29 RU021", ""),
    ("defaults: {failed_attempts: 0}", "3:29 RU021", ""),
    ("triggers: [{id: a, when: {failed_attempts_gte: limits}, then: {action: tag}}]", "3:48 RU021", ""),
    ("duplicates: {same_user: {window: 60m, similarity: 80}}", "3:51 RU021", "0.8"),
    ("duplicates: {same_user: {window: 60m, similarity: 1.2}}", "3:51 RU021", "0.8"),
    ("retention: {texts: soon}", "3:20 RU021", "90d"),
    ("closing: {survey: 1}", "3:19 RU022", "true or false"),
    ('closing: {survey: "true"}', "3:19 RU022", "without quotes"),
    ("edits_within: 15", "3:15 RU023", "15m"),  # fifteen what?
    ("edits_within: 15 minutes", "3:15 RU023", "15m"),
    ("duplicates: {reopen_within: 99999w}", "3:29 RU023", ""),  # longer than any calendar
    ("calendars: {a: {holidays: [{date: 2026-13-01}]}}", "3:35 RU024", "2027-03-01"),
    ("channels: {C0RANDOM001: {language: english!}}", "3:36 RU025", ""),
    # Slack's ids.
    ("channels: {'#random': {mode: all}}", "3:12 RU026", "not the name"),
    ("defaults: {operator_channel: operators}", "3:30 RU026", "not the name"),
    ("groups: {a: {users: [anna]}}", "3:22 RU026", "not the name"),
    ("groups: {a: {usergroup: U0ANNA00001}}", "3:25 RU026", "S0123456789"),
    # Names that are not defined.
    ("defaults: {queue: itt}", "3:19 RU060", "did you mean `it`?"),
    ("defaults: {calendar: office}", "3:22 RU060", "calendars"),
    ("channels: {C0HELP00001: {queue: sales}}", "3:33 RU060", ""),
    ("triggers: [{id: a, when: {keywords: security}, then: {action: tag}}]", "3:37 RU060", "words"),
    ("triggers: [{id: a, when: {group: vip}, then: {action: tag}}]", "3:34 RU060", "groups"),
    ("triggers: [{id: a, when: {band: none}, then: {action: handoff, queue: nowhere}}]", "3:71 RU060", ""),
    ("routing: [{category: billing, queue: nowhere}]", "3:38 RU060", ""),
    ("ladders: {a: [{at: '4h', do: move, to: nowhere}]}", "3:40 RU060", ""),
    ("ladders: {a: [{at: '4h', do: ping_group, to: leads}]}", "3:46 RU060", "groups"),
    ("permissions: {claim: [tier2]}", "3:23 RU060", "groups"),
    ("duplicates: {surge: {users: 5, window: 20m, similarity: 0.8, queue: x}}", "3:69 RU060", ""),
    ("tests: [{name: x, given: {}, expect: {queue: x}}]", "3:46 RU060", ""),
    # Hours, moments, days.
    ('calendars: {a: {weekly: {mon: ["8 to 5"]}}}', "3:32 RU061", "08:30"),
    ('calendars: {a: {weekly: {mon: ["09:00-25:00"]}}}', "3:32 RU061", ""),
    ('calendars: {a: {weekly: {mon: ["09:00-09:00"]}}}', "3:32 RU061", ""),
    ('calendars: {a: {weekly: {mon: ["09:00-12:00", "11:00-15:00"]}}}', "3:31 RU061", "join"),
    ('calendars: {a: {weekly: {mon: ["22:00-06:00"], tue: ["05:00-09:00"]}}}', "3:53 RU061", "join"),  # over midnight
    ("calendars: {a: {weekly: {mon: []}}}", "3:25 RU061", "always_open"),
    ("calendars: {a: {always_open: false}}", "3:30 RU061", "hours"),
    ("calendars: {a: {weekly: {monday: ['09:00-17:00']}}}", "3:26 RU003", "did you mean `mon`?"),
    ("defaults: {timezone: Europe/Berln}", "3:22 RU062", "did you mean `Europe/Berlin`?"),
    ("defaults: {timezone: ../../etc/passwd}", "3:22 RU062", ""),
    ("ladders: {a: [{at: '80%', do: remind}]}", "3:20 RU063", "80% first_response"),
    ("ladders: {a: [{at: '0% resolution', do: remind}]}", "3:20 RU063", ""),
    ("tests: [{name: x, given: {at: 'tomorrow'}, expect: {}}]", "3:31 RU063", ""),
    ("digest: {at: '25:00'}", "3:14 RU063", "09:00"),
    (
        "triggers:\n  - {id: a, when: {band: none}, then: {action: tag}}\n"
        "  - {id: a, when: {band: sure}, then: {action: tag}}",
        "5:10 RU064",
        "rename",
    ),
    ("calendars: {a: {holidays: [{name: Easter}]}}", "3:28 RU065", "country"),
    ("calendars: {a: {holidays: [{date: 2026-12-25, country: DE}]}}", "3:28 RU065", "one of"),
    ("calendars: {a: {holidays: [{to: 2026-12-25}]}}", "3:28 RU065", "first day"),
    ("calendars: {a: {holidays: [{from: 2026-12-31, to: 2026-12-24}]}}", "3:28 RU065", "swap"),
    ("calendars: {a: {holidays: [{country: Germany}]}}", "3:38 RU065", "DE"),
    ("matching: {thresholds: {billing: {sure: 0.3, unsure: 0.6}}}", "3:34 RU066", ""),
    # Texts.
    ("ladders: {a: [{at: '4h', do: remind, text: 'Due {{case.deu}}'}]}", "3:49 RU041", "did you mean `case.due`?"),
    ("ladders: {a: [{at: '4h', do: remind, text: 'Hi {{customer.first_name}}'}]}", "3:48 RU041", ""),
    ("triggers: [{id: a, when: {band: none}, then: {action: offer, message: '{{case.owner}}'}}]", "3:72 RU041", ""),
    # Warnings.
    ("triggers: [{id: a, when: {entry: accounts/rest}, then: {action: tag}}]", "3:34 RU070", "accounts/reset"),
    ("triggers: [{id: a, when: {entry: bills/*}, then: {action: tag}}]", "3:34 RU070", ""),
    ("routing: [{category: acounts, queue: it}]", "3:22 RU070", "did you mean `accounts`?"),
    ("calendars: {a: {weekly: {mon: [09:00-17:00]}}}", "3:32 RU071", '"09:00-17:00"'),
    ("ladders: {a: [{at: 80% first_response, do: remind}]}", "3:20 RU071", "write"),
    ("triggers: [{id: a, when: {human_request: true}, then: {action: refuse}}]", "3:55 RU072", "tags"),
    (
        "triggers: [{id: a, when: {feedback: stuck}, then: {action: offer}}]",
        "3:37 RU073",
        "did you mean `still_stuck`?",
    ),
]


@pytest.mark.parametrize(("added", "expected", "hint"), ADDED)
def test_each_fault_has_its_place_code_and_way_out(added: str, expected: str, hint: str, tmp_path: Path) -> None:
    found = loaded_rules(tmp_path, f"{RULES}{added}\n", IDS)

    assert short(found.faults[0]) == expected, found.faults
    assert hint in found.faults[0].hint
    assert (found.value is None) == bool(found.errors)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1 RU008"),  # nothing in it
        ("defaults: {timezone: UTC}\n", "1:1 RU005"),  # no queue
        ("queues: {}\n", "1:9 RU008"),
        ("queues:\n", "1:8 RU008"),
        ("queues: {it: {tier: 2}}\n", "1:14 RU005"),  # a queue without a channel
        ("queues: {it: {channel: '#it'}}\n", "1:24 RU026"),
        ("queues: {it: {channel: C0IT000001, sla: fast}}\n", "1:41 RU060"),
        ("queues: {it: {channel: C0IT000001, ladder: up}}\n", "1:44 RU060"),
        ("queues: {it: {channel: C0IT000001, fallback: ti}}\n", "1:46 RU060"),
        ("queues: {it: {channel: C0IT000001, members: [all]}}\n", "1:46 RU060"),
        ("queues: {it: {channel: C0IT000001, expectation: {open: 'Ask @here'}}}\n", "1:61 RU042"),
        ("queues: {it: {channel: C0IT000001, expectation: {open: 'By {{case.due_at}}'}}}\n", "1:60 RU041"),
        ("queues: {it: {channel: C0IT000001, expectation: {closed: '{{site.hours}}'}}}\n", "1:59 RU041"),
        ("queues: {it: {channel: C0IT000001}\n", "1:9 RU002"),
    ],
)
def test_a_file_without_a_good_queue_is_refused(text: str, expected: str, tmp_path: Path) -> None:
    found = loaded_rules(tmp_path, text)

    assert short(found.faults[0]) == expected, found.faults
    assert found.value is None


def test_all_faults_come_in_one_run_by_place(tmp_path: Path) -> None:
    rows = [row for row in ADDED if not row[0].startswith("queues")]
    for added, expected, _ in rows:
        section, _, rest = added.partition(":")
        others = "edits_within: soon\n" if section != "edits_within" else "opt_out: 5\n"

        found = loaded_rules(tmp_path, f"{RULES}{section}:{rest}\n{others}", IDS)

        assert expected in [short(fault) for fault in found.faults]
        assert found.faults[-1].code in {"RU023", "RU007"}


def test_ids_are_not_checked_where_there_is_no_knowledge_base(tmp_path: Path) -> None:
    found = loaded_rules(tmp_path, f"{RULES}routing: [{{entry: any/thing, queue: it}}]\n")

    assert found.faults == ()
