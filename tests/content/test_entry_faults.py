"""Every fault of an entry: one row each, with its exact place, its code and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.small_files import ENTRY, kb, loaded, short

SITE = "variables: {portal_url: https://help.example.com}\nlink_hosts: [help.example.com, '*.docs.example.com']\n"

ADDED = [  # what is added after the six lines of a good entry; where; what; a piece of the way out
    # Keys and kinds.
    ("keyword: {none: [wifi]}", "7:1 KB003", "did you mean `keywords`?"),  # a slip in a key
    ("keywords: {non: [wifi]}", "7:12 KB003", "did you mean `none`?"),  # the same, one level in
    ("flavour: sweet", "7:1 KB003", ""),  # nothing near: no guess
    ("title: Another", "7:1 KB004", "keep one"),  # YAML would silently take the last one
    ("keywords: [wifi]", "7:11 KB006", "key: value"),  # a list where keys are expected
    ("keywords: wifi", "7:11 KB006", "key: value"),  # text where keys are expected
    ("confusable_with: {a: b}", "7:18 KB006", "- "),  # keys where a list is expected
    ("notes:\n  - Error: it broke", "8:3 KB006", "quotes"),  # a list where text is expected
    ("notes: {see above}", "7:8 KB006", "quotes"),  # a text that begins with a bracket
    ("tests:\n  match:\n    - Error: it broke", "9:7 KB006", "quotes"),  # a colon makes keys of a text
    ("keywords:", "7:10 KB008", "remove the key"),  # an empty value where keys are expected
    ("links: ~", "7:8 KB008", "remove the key"),  # nothing, spelled out
    ("tests:\n  match: ['']", "8:11 KB008", "write something"),  # quotes with nothing in them
    ("audience: []", "7:11 KB008", "add some"),  # an entry for nobody
    # Words that YAML takes for something else.
    ("keywords: {any: [yes]}", "7:18 KB007", '"yes"'),
    ("keywords: {any: [No]}", "7:18 KB007", '"No"'),
    ("keywords: {any: [on]}", "7:18 KB007", '"on"'),
    ("keywords: {any: [off]}", "7:18 KB007", '"off"'),
    ("keywords: {any: [404]}", "7:18 KB007", "quotes"),
    ("keywords: {any: [1.10]}", "7:18 KB007", '"1.10"'),  # would be 1.1
    ("keywords: {any: [012]}", "7:18 KB007", '"012"'),  # would be 10
    ("keywords: {any: [1_000]}", "7:18 KB007", '"1_000"'),  # would be 1000
    ("keywords: {any: [1:30]}", "7:18 KB007", '"1:30"'),  # would be 90
    ("keywords: {any: [.inf]}", "7:18 KB007", '".inf"'),
    ("keywords: {any: [2027-03-01]}", "7:18 KB007", "quotes"),
    ("language: no", "7:11 KB007", '"no"'),  # Norwegian
    # Choices, numbers, days.
    ("state: liv", "7:8 KB020", "did you mean `live`?"),
    ("audience: [stuff]", "7:12 KB020", "did you mean `staff`?"),
    ("escalate: {priority: p5}", "7:22 KB020", ""),
    ("escalate: {policy: maybe}", "7:20 KB020", ""),
    ("private: sometimes", "7:10 KB020", ""),
    ("escalate: {after_failed: 0}", "7:26 KB021", ""),  # out of range
    ('escalate: {after_failed: "2"}', "7:26 KB021", "without quotes"),
    ("escalate: {after_failed: 99999999999999999999}", "7:26 KB021", ""),  # no number is too big to be told of
    ("collect: [{field: x, ask: Which one?, required: maybe}]", "7:49 KB022", "true or false"),
    ("review_by: 2027-02-30", "7:12 KB024", "year-month-day"),  # no such day
    ("review_by: March", "7:12 KB024", "2027-03-01"),
    ("language: english!", "7:11 KB025", "pt-BR"),
    ("channels: {allow: ['#help']}", "7:20 KB026", "not the name"),  # a name changes hands
    ("channels: {deny: [U0PERSON001]}", "7:19 KB026", "id"),  # a person's id
    # Ids of entries.
    ("confusable_with: [accounts/rest]", "7:19 KB040", "did you mean `accounts/reset`?"),
    ("follow_ups: [accounts/none]", "7:14 KB040", ""),
    ("tests: {ask: [{say: which one, among: [accounts/x]}]}", "7:40 KB040", "accounts/reset"),
    # What is sent.
    ("summary: '{{customer.name}}, see here'", "7:11 KB041", "customer.first_name"),
    ("summary: See {{site.portal}}", "7:14 KB041", "did you mean `site.portal_url`?"),
    ("summary: See {{queue.role}}", "7:14 KB041", ""),  # only in the rules
    ("summary: 'See {{case.id'", "7:15 KB041", "{{case.id}}"),  # never closed
    ("summary: 'Ask @here'", "7:15 KB042", "other words"),
    ("summary: 'Ask <!channel> now'", "7:15 KB042", "other words"),
    ("summary: Use xoxb-123456789012-abcdef", "7:14 KB043", "take it out"),
    ("summary: 'The password: Winter2026x'", "7:25 KB043", "take it out"),
    (f"summary: {'long ' * 40}", "7:10 KB027", "shorten"),
    # Links.
    ("links: [{label: Help, url: 'http://help.example.com'}]", "7:28 KB044", "https"),
    ("links: [{label: Help, url: 'https://evil.example.net/x'}]", "7:28 KB044", "link_hosts"),
    ("links: [{label: Help, url: 'https://help.example.com@evil.example.net'}]", "7:28 KB044", "link_hosts"),
    ("links: [{label: Help, url: 'https://[help'}]", "7:28 KB044", "https"),  # no address at all
    ("links: [{label: Help}]", "7:9 KB005", "add it"),
    ("patterns: ['**']", "7:12 KB046", "letter"),  # a pattern that fits everything is sure of everything
    # Guides.
    ("steps: {start: a, nodes: {b: {say: x, options: [{label: y, end: resolved}]}}}", "7:16 KB045", ""),
    ("steps: {start: a, nodes: {a: {say: x, options: [{label: y, goto: c}]}}}", "7:66 KB045", ""),
    ("steps: {start: a, nodes: {a: {say: x}}}", "7:27 KB045", "options"),  # a step without a way on
    ("steps: {start: a, nodes: {a: {say: x, options: [{label: y, goto: a}]}}}", "7:27 KB045", "`end`"),  # in circles
    ("steps: {start: a, nodes: {a: {say: x, options: [{label: y}]}}}", "7:49 KB045", "write one"),
    ("steps: {start: a, nodes: {a: {say: x, options: [{label: y, end: done}]}}}", "7:65 KB045", ""),
    ("steps: {start: a, nodes: {a: {say: x, options: [{label: y, end: a/b}]}}}", "7:65 KB040", ""),
    (
        "steps: {start: a, nodes: {a: {say: x, options: [{label: y, end: resolved}, {label: Y, end: handoff}]}}}",
        "7:48 KB045",
        "rename",
    ),
    ("steps: {start: a, nodes: {a: {say: 'hey @everyone', options: [{label: y, end: resolved}]}}}", "7:41 KB042", ""),
    ("steps: {start: a, nodes: {}}", "7:26 KB008", ""),
    ("collect: [{field: Error Text, ask: Which one?}]", "7:19 KB020", "small letters"),
    ("collect: [{field: x, ask: Which one?, kind: choice}]", "7:11 KB005", "list"),
    ("collect: [{field: x, ask: Which one?}, {field: x, ask: And this?}]", "7:48 KB004", "rename"),
    # Warnings.
    ("notes: Printer #4 is jammed", "7:8 KB029", "quotes"),  # YAML drops the rest of the line
    (f"links: [{{label: {'b' * 80}, url: 'https://help.example.com'}}]", "7:17 KB030", "shorten"),
    ("review_by: 2026-11-19", "7:12 KB052", "later date"),  # yesterday
    (
        "steps: {start: a, nodes: {a: {say: x, options: [{label: y, end: resolved}]},"
        " b: {say: z, options: [{label: y, end: handoff}]}}}",
        "7:78 KB053",
        "lead an option",
    ),
]

WHOLE = [  # a whole file that is wrong
    ("", "1:1 KB008", "write something"),  # nothing in it
    ("# just a comment\n", "1:1 KB008", "write something"),
    ("just words\n", "1:1 KB006", "key: value"),
    ("- a\n- b\n", "1:1 KB006", "key: value"),
    ("title: A: b\n", "1:9 KB002", "`: `"),  # a colon in a text
    ("title: @help\n", "1:8 KB002", "quotes"),
    ("title: `code`\n", "1:8 KB002", "backtick"),
    ("title: *important* thing\n", "1:8 KB002", "quotes"),  # bold, or an alias
    ('title: "never closed\nanswer: x\n', "1:8 KB002", "never closed"),
    ("title: 'a' b\n", "1:12 KB002", "quotes"),
    ("title: [a\n", "1:8 KB002", "bracket"),  # where it opens, not where the file ends
    ('title: "C:\\dir"\n', "1:11 KB002", "backslash"),
    ("title: a\n  more: b\n", "2:7 KB002", "`: `"),
    ("title: a\n---\ntitle: b\n", "3:1 KB002", "---"),  # a second document
    (ENTRY + "notes: &x kept\n", "7:8 KB009", "quotes"),  # an anchor
    (ENTRY + "notes: *x\n", "7:8 KB009", "quotes"),  # an alias
    (ENTRY + "notes: !!str 5\n", "7:8 KB010", "quotes"),  # a tag
    (ENTRY + "notes: !important\n", "7:8 KB010", "quotes"),
    (ENTRY + "notes:\tspaced\n", "7:7 KB011", "spaces"),
    (ENTRY + "notes: a\x07bell\n", "7:9 KB012", "delete"),
    (ENTRY + "notes: " + "[" * 60 + "]" * 60 + "\n", "7:47 KB018", "flatten"),
    (ENTRY + "notes: " + "long " * 60_000 + "\n", "1:1 KB013", "split"),  # 300 KB
    (ENTRY.replace("answer: ", "anser: "), "6:1 KB003", "did you mean `answer`?"),
    (ENTRY.replace("title: Reset a password\n", ""), "1:1 KB005", "add it"),
    (f"# About it.\n\n{ENTRY.replace('phrasings', 'notes')}", "3:1 KB005", "`phrasings: ["),  # where the keys begin
    (ENTRY.replace("I forgot my password", "yes"), "3:5 KB007", '"yes"'),
    (ENTRY.replace("Reset a password", "Reset " * 30), "1:8 KB027", "shorten"),
    (ENTRY.replace("Reset a password", "Reset " * 20), "1:8 KB030", "shorten"),
    (ENTRY.replace("Open the portal", "Open {{portal}}"), "6:14 KB041", ""),
    (ENTRY.replace("  - how do I reset it\n", ""), "3:3 KB050", "3 or more"),
    (ENTRY.replace("how do I reset it", "I  FORGOT my password!"), "4:5 KB051", "keep it"),
    ("title: x\nphrasings: []\nanswer: y\n", "2:12 KB008", "add some"),
    ("title: x\nphrasings: how\nanswer: y\n", "2:12 KB050", "3 or more"),  # one phrasing may stand alone
]


@pytest.mark.parametrize(("added", "expected", "hint"), ADDED)
def test_each_fault_has_its_place_code_and_way_out(added: str, expected: str, hint: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, _site=SITE, accounts__reset=f"{ENTRY}{added}\n")

    assert short(found.faults[0]) == expected, found.faults
    assert hint in found.faults[0].hint
    assert (found.value is None) == bool(found.errors)


@pytest.mark.parametrize(("text", "expected", "hint"), WHOLE)
def test_each_broken_file_is_told_of(text: str, expected: str, hint: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, accounts__reset=text)

    told = {short(fault): fault for fault in found.faults}
    assert expected in told, found.faults
    assert hint in told[expected].hint


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ask @channel for help.", "8:9 KB042"),  # in a block the line itself is pointed at
        ("Go to {{site.nowhere}}.", "8:11 KB041"),
        ("AKIAABCDEFGHIJKLMNOP is the key.", "8:5 KB043"),
        ("-----BEGIN RSA PRIVATE KEY-----", "8:5 KB043"),
        ("postgres://bob:hunter2@db.example.com/x", "8:20 KB043"),
        ("<!subteam^S012> will help.", "8:5 KB042"),
    ],
)
def test_what_must_not_be_sent_is_found_in_its_own_line(line: str, expected: str, tmp_path: Path) -> None:
    answer = f"answer: |\n    First this.\n    {line}\n"

    found = loaded(
        tmp_path, accounts__reset=ENTRY.replace("answer: Open the portal and choose *Forgot password*.\n", answer)
    )

    assert [short(fault) for fault in found.faults] == [expected]


@pytest.mark.parametrize(
    "line",
    [
        "Password: at least 14 characters",  # advice is no secret
        "Write to anna@here.example.com",  # an address is no call
        "The token: {{site.portal_url}}",
        "Type `git push --force-with-lease`",
        "Costs 5 < 6!",
        "It is called xapp",
    ],
)
def test_harmless_words_are_not_suspected(line: str, tmp_path: Path) -> None:
    answer = f"answer: |\n  {line}\n"

    found = loaded(
        tmp_path,
        _site=SITE,
        accounts__reset=ENTRY.replace("answer: Open the portal and choose *Forgot password*.\n", answer),
    )

    assert found.faults == ()


def test_phrasings_are_never_refused_for_their_words(tmp_path: Path) -> None:
    said = 'how do I write "@here"', "what does {{case.id}} mean", "is password: Winter2026x safe", "<!channel> is down"
    phrasings = "".join(f"  - '{one}'\n" for one in said)

    found = loaded(tmp_path, a__b=f"title: x\nphrasings:\n{phrasings}answer: y\n")

    assert found.faults == ()
    assert found.value is not None
    assert found.value.entries["a/b"].phrasings == said


def test_the_line_printed_is_the_documented_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kb(tmp_path / "kb", accounts__reset=f"{ENTRY}keywords:\n  none: [wifi]\n  alls: [vpn]\n")

    found = loaded(Path("kb"))

    assert str(found.faults[0]) == ("kb/accounts/reset.yaml:9:3 KB003 error  unknown key `alls` -> did you mean `all`?")


def test_a_warning_is_printed_in_the_same_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kb(tmp_path / "kb", a__b=f"{ENTRY}review_by: 2026-01-31\n")

    found = loaded(Path("kb"))

    assert str(found.faults[0]) == (
        "kb/a/b.yaml:7:12 KB052 warning was to be reviewed by 2026-01-31 -> check the answer and set a later date"
    )


def test_all_faults_of_all_files_come_in_one_run_by_place(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        _site="variabels: {a: b}\n",
        _words="greetings: [yes]\n",
        accounts__reset=f"{ENTRY}stat: live\nlanguage: no\nreview_by: never\n",
        accounts__broken="title: A: b\n",
        billing__refund="title: 404\nphrasings: [one, two]\n",
    )

    assert [(Path(fault.place.file).name, short(fault)) for fault in found.faults] == [
        ("_site.yaml", "1:1 KB003"),
        ("_words.yaml", "1:13 KB007"),
        ("broken.yaml", "1:9 KB002"),
        ("reset.yaml", "7:1 KB003"),
        ("reset.yaml", "8:11 KB007"),
        ("reset.yaml", "9:12 KB024"),
        ("refund.yaml", "1:1 KB005"),
        ("refund.yaml", "1:8 KB007"),
        ("refund.yaml", "2:12 KB050"),
    ]
    assert found.value is None


def test_a_fault_in_the_shared_files_does_not_blame_the_entries(tmp_path: Path) -> None:
    entry = ENTRY.replace("Open the portal", "Open {{site.portal_url}}")

    found = loaded(tmp_path, _site="variables: {portal_url: https://x\n", accounts__reset=entry)

    assert {Path(fault.place.file).name for fault in found.faults} == {"_site.yaml"}


def test_a_faulty_entry_is_still_known_by_its_id(tmp_path: Path) -> None:
    found = loaded(tmp_path, a__broken="title: A: b\n", a__good=f"{ENTRY}confusable_with: [a/broken]\n")

    assert {Path(fault.place.file).name for fault in found.faults} == {"broken.yaml"}


@pytest.mark.parametrize(
    ("other", "warned"),
    [
        ("", True),  # both could answer
        ("state: archived\n", False),  # never served
        ("language: de\n", False),  # other languages do not compete
        ("audience: [partner]\n", False),  # nobody sees both
        ("state: draft\n", True),  # will be served one day
    ],
)
def test_a_phrasing_in_two_entries_is_told_where_both_could_answer(other: str, warned: bool, tmp_path: Path) -> None:
    found = loaded(tmp_path, a__first=ENTRY, b__second=ENTRY + other)

    assert {short(fault) for fault in found.faults} == ({"3:5 KB051", "4:5 KB051", "5:5 KB051"} if warned else set())


def test_a_file_of_nothing_but_faults_is_cut_short(tmp_path: Path) -> None:
    found = loaded(tmp_path, a__b="".join(f"key{n}: x\n" for n in range(5_000)))

    assert len(found.faults) == 201
    assert found.faults[-1].code == "KB019"
    assert "4803 more errors" in found.faults[-1].message
