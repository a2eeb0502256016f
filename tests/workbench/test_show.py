"""`tier1 kb show` and `tier1 kb list`, as an editor calls them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.cells import cell_len

from bot.cli import main
from bot.core.entries import CollectField, Entry, Escalate, Keywords, Node, Option, Steps
from bot.core.rulebook.rules import Queue, Route, Rules, Then, Trigger, When
from bot.core.showing import ways_to_people
from bot.wiring import load_knowledge
from bot.workbench.outline import outline
from bot.workbench.page import printed
from bot.workbench.show import Composed, Shown, show_parts
from tests.content.small_files import ENTRY, RULES, kb

ROOT = Path(__file__).parents[2]
HOSTILE = "Sam\x1b[31m\x9b2J\u202e"
WIDTH = 100  # where there is no terminal
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
GUIDE = """\
steps:
  start: first
  nodes:
    far: {say: Far off., options: [{label: Done, end: resolved}, {label: Again, goto: first}]}
    first:
      say: Open {{site.portal}}, *{{customer.first_name}}*.
      ask: Is it there?
      options:
        - {label: "No", goto: second}
        - {label: "Yes", goto: far}
        - {label: Read on, end: accounts/other}
    second: {say: Look again., options: [{label: There, goto: far}, {label: Give up, end: handoff}]}
    lost: {say: Nobody comes here., options: [{label: Done, end: resolved}]}
collect:
  - {field: seen, ask: What do you see?}
  - {field: device, ask: Which device?, choices: [Laptop, Phone], required: true}
"""
SMALL_PAGE = """\
accounts/reset  live, for customers and staff

┃ tier1  APP
┃
┃ Reset a password
┃
┃ Open the portal and choose _Forgot password_.
┃
┃ [[ That fixed it ]]  [ Still stuck ]  [ Talk to a person ]

About this entry ───────────────────────────────────────────────────────────────────────────────────

  file             kb/accounts/reset.yaml
  state            live
  audience         customer, staff
  owner            nobody
  review by        no day set
  notification     Reset a password: Open the portal and choose Forgot password.
  phrasings        I forgot my password
                   how do I reset it
                   my password has expired
  people           Talk to a person: IT, p3
                   Still stuck: a person is offered (rule still-stuck)
                   Still stuck 2 times: IT, p3 (rule limit)
  tests            none
"""
GUIDE_PAGE = """\
 1  first
    Open https://portal.example.org, _Noor_.
    Is it there?

    [ No ]                → step 2, second
    [ Yes ]               → step 3, far
    [ Read on ]           → “Change a password” accounts/other
    [ Back ]              → the answer
    [ Talk to a person ]  → a person: IT, p3

 2  second
    Look again.

    [ There ]             → step 3, far
    [ Give up ]           → a person: IT, p3
    [ Back ]              → the step before
    [ Talk to a person ]  → a person: IT, p3

 3  far
    Far off.

    [ Done ]              → solved
    [ Again ]             → back to step 1, first
    [ Back ]              → the step before
    [ Talk to a person ]  → a person: IT, p3

 4  lost  no option leads here
    Nobody comes here.

    [ Done ]              → solved
    [ Back ]              → the step before
    [ Talk to a person ]  → a person: IT, p3

Asked before people take over ──────────────────────────────────────────────────────────────────────

 1  What do you see?
    in their own words, may be left out; on the card as seen

 2  Which device?
    • Laptop
    • Phone
    one of the choices, must be answered; on the card as device

"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("TIER1_KB", "TIER1_RULES", "TIER1_DATABASE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    kb(tmp_path / "kb", _site="variables: {portal: https://portal.example.org}\n", accounts__reset=ENTRY)
    (tmp_path / "escalation_rules.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["kb", *arguments]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["kb", *arguments]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


def test_a_small_entry(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert shown(capsys, "show", "accounts/reset") == SMALL_PAGE


def test_a_guide_is_followed_from_its_start(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", accounts__other=ENTRY.replace("my pass", "a pass").replace("Reset a", "Change a"))
    kb(house / "kb", accounts__reset=ENTRY + GUIDE)

    page = shown(capsys, "show", "accounts/reset", "--as", "Noor")

    guide = page[page.index("The guide") : page.index("About this entry")].split("\n", 2)[2]
    assert guide == GUIDE_PAGE


def test_a_guide_that_leads_in_circles_has_every_step_once() -> None:
    chain = {f"n{n}": Node("x", options=(Option("on", goto=f"n{(n + 1) % 3000}"),)) for n in range(3000)}

    assert [step.number for step in outline(Steps("n7", chain))] == list(range(1, 3001))


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("draft", "! This entry is a draft: customers do not see it."),
        ("archived", "! This entry is archived: customers do not see it."),
        ("trial", "! On trial: the bot asks whether this is it before it answers."),
    ],
)
def test_what_is_not_live_says_so(state: str, told: str, house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", accounts__reset=f"{ENTRY}state: {state}\n")

    assert told in shown(capsys, "show", "accounts/reset").splitlines()


def test_an_entry_on_trial_is_asked_about_first(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", accounts__reset=f"{ENTRY}state: trial\n")

    page = shown(capsys, "show", "accounts/reset")

    question = (
        "┃ I think I know this one. Is this it?\n┃ “Reset a password”\n┃\n┃ [[ Yes, this is it ]]  [ None of these ]"
    )
    assert question in page
    assert page.index(question) < page.index("After Yes, this is it:") < page.index("[[ That fixed it ]]")


def test_an_entry_for_people_says_that_nobody_reads_its_answer(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", accounts__reset=f"{ENTRY}escalate: {{policy: always, priority: p1}}\n")

    page = shown(capsys, "show", "accounts/reset")

    assert "! Customers do not read this answer: it goes to IT, p1 at once, by rule escalate-always." in page


def test_the_whole_sheet(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", accounts__gone=f"{ENTRY.replace('my pass', 'no pass').replace('Reset', 'Lose')}state: archived\n")
    more = """\
keywords: {any: [reset, forgot], all: [password], none: [wifi]}
patterns: [E-401]
confusable_with: [accounts/gone]
channels: {allow: [C0HELP00001], deny: [C0RANDOM001]}
language: en-GB
private: always
owner: "@crew"
review_by: 2026-01-01
tests: {match: [pw forgotten], not_match: [a, b]}
notes: Ask the crew.
source: case 12
"""
    kb(house / "kb", accounts__reset=ENTRY + more)

    page = shown(capsys, "show", "accounts/reset")

    for line in (
        "  channels         only C0HELP00001",
        "                   never C0RANDOM001",
        "  language         en-GB",
        "  owner            @crew",
        "  review by        2026-01-01  overdue",
        "  patterns         E-401",
        "  keywords         one of: reset, forgot",
        "                   all of: password",
        "                   none of: wifi",
        "  confusable with  “Lose a password” accounts/gone (archived: customers do not see it)",
        "  private          always answered in a direct message",
        "  tests            1 answered, 2 left alone",
        "  notes            Ask the crew.",
        "  source           case 12",
    ):
        assert line in page.splitlines()


def test_names_and_numbers_are_filled_in(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled = "answer: Hi {{customer.first_name}}, case {{case.id}} is at {{site.portal}}.\n"
    kb(house / "kb", accounts__reset=ENTRY.replace("answer: Open the portal and choose *Forgot password*.\n", filled))

    assert "Hi Sam, case T0000000 is at https://portal.example.org." in shown(capsys, "show", "accounts/reset")
    assert "Hi Noor, case" in shown(capsys, "show", "accounts/reset", "--as", "Noor")
    assert "Hi, case" in shown(capsys, "show", "accounts/reset", "--as", "")  # as it reads where no name is known


def test_for_programs_it_is_what_slack_is_sent(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", accounts__reset=ENTRY + GUIDE.replace("accounts/other", "resolved"))

    told = json.loads(shown(capsys, "show", "accounts/reset", "--json"))

    assert list(told) == ["id", "text", "blocks", "asked_first", "entry"]
    assert told["text"] == "Reset a password: Open the portal and choose Forgot password."
    assert [block["type"] for block in told["blocks"]] == ["header", "markdown", "actions"]
    assert told["asked_first"] is None
    assert told["entry"]["file"] == "kb/accounts/reset.yaml"
    assert told["entry"]["audience"] == ["customer", "staff"]
    assert told["entry"]["steps"]["nodes"]["far"]["options"][0] == {"label": "Done", "goto": None, "end": "resolved"}
    assert told["entry"]["to_people"][1] == {
        "when": "wish", "action": "handoff", "rule": "human-request", "queue": "it", "priority": "p3",
    }  # fmt: skip


def test_for_programs_an_entry_on_trial_has_its_question(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", accounts__reset=f"{ENTRY}state: trial\nreview_by: 2020-02-29\n")

    told = json.loads(shown(capsys, "show", "accounts/reset", "--json"))

    assert told["asked_first"]["blocks"][-1]["elements"][0]["text"]["text"] == "Yes, this is it"
    assert (told["entry"]["review_by"], told["entry"]["overdue"]) == ("2020-02-29", True)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("accounts/rest", "no entry `accounts/rest` in kb; did you mean `accounts/reset`?\n"),
        ("reset", "no entry `reset` in kb; did you mean `accounts/reset`?\n"),  # without its category
        ("zebra/crossing", "no entry `zebra/crossing` in kb; `tier1 kb list` lists all entries\n"),
        ("\x1b[31m", "no entry `[31m` in kb; `tier1 kb list` lists all entries\n"),
    ],
)
def test_an_unknown_id(wanted: str, told: str, house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.exists()

    assert refused(capsys, "show", wanted) == told


def test_faults_are_shown_instead(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", accounts__broken=f"{ENTRY}stat: live\n")

    for arguments in (("show", "accounts/reset"), ("list",)):
        assert refused(capsys, *arguments).startswith("kb/accounts/broken.yaml:7:1 KB003 error  unknown key `stat`")


def test_a_queue_that_the_rules_do_not_have_is_a_fault(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kb(house / "kb", accounts__reset=f"{ENTRY}escalate: {{queue: sales}}\n")

    assert "KB060 error  no queue `sales`" in refused(capsys, "show", "accounts/reset")


def test_without_rules_it_says_what_it_cannot_know(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "escalation_rules.yaml").unlink()

    assert "  people           no rules were read: who takes over is not known" in shown(
        capsys, "show", "accounts/reset"
    )


def test_what_is_typed_does_nothing_to_the_terminal(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    greeting = "answer: Hi {{customer.first_name}}! [red]Open[/] it.\n"
    kb(house / "kb", accounts__reset=ENTRY.replace("answer: Open the portal and choose *Forgot password*.\n", greeting))

    for arguments in ((), ("--json",)):
        page = shown(capsys, "show", "accounts/reset", "--as", HOSTILE, *arguments)
        assert not {"\x1b", "\x9b", "\u202e"} & set(page)
        assert "[red]Open[/]" in page


def test_no_text_of_an_entry_does_anything_to_the_terminal() -> None:
    steps = Steps(HOSTILE, {HOSTILE: Node(HOSTILE, HOSTILE, (Option(HOSTILE, end="handoff"), Option("x", end="a/c")))})
    entry = Entry(
        "a/b", HOSTILE, (HOSTILE,), HOSTILE, summary=HOSTILE, keywords=Keywords((HOSTILE,), (HOSTILE,), (HOSTILE,)),
        patterns=(HOSTILE,), confusable_with=("a/c",), follow_ups=("a/c", HOSTILE), allow_channels=(HOSTILE,),
        language=HOSTILE, steps=steps, collect=(CollectField(HOSTILE, HOSTILE, "choice", (HOSTILE,)),), owner=HOSTILE,
        notes=HOSTILE, source=HOSTILE,
    )  # fmt: skip
    rules = Rules(
        queues={"it": replace(IT, role=HOSTILE)}, default_queue="it",
        triggers=(Trigger(HOSTILE, When(category=("a",)), Then("refuse")),),
    )  # fmt: skip
    around = Shown(
        entry, file=HOSTILE, messages=(Composed(HOSTILE, None),), ways=ways_to_people(entry, rules, NOON),
        entries={"a/c": replace(entry, id="a/c", state="draft")}, variables={}, rules=rules, today=NOON.date(),
        first_name=HOSTILE,
    )  # fmt: skip

    page = printed(show_parts(around, name=HOSTILE), width=80, colour=False)

    assert not {"\x1b", "\x9b", "\u202e"} & set(page)
    assert page.count("Sam␛[31m") >= 20  # every text is there, and seen for what it is


def test_on_a_terminal_it_is_in_colour_and_as_wide_as_that(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house.exists()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(os, "environ", {**os.environ, "COLUMNS": "60"})

    page = shown(capsys, "show", "accounts/reset")
    assert "\x1b[1;32m[[ That fixed it ]]" in page
    assert "─" * 43 in page
    assert "─" * 44 not in page
    assert "\x1b[32mlive" in shown(capsys, "list")


def test_no_color_is_respected(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house.exists()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")

    assert "\x1b" not in shown(capsys, "show", "accounts/reset")
    assert "\x1b" not in shown(capsys, "list")


def test_lists_can_be_narrowed(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crew = ENTRY.replace("my pass", "a pass") + 'owner: "@crew"\nreview_by: 2020-01-01\nstate: trial\n'
    kb(house / "kb", billing__pay=crew)

    for narrowed in (["--category", "billing"], ["--state", "trial"], ["--owner", "Crew"], ["--overdue"]):
        head, line, total = shown(capsys, "list", *narrowed).splitlines()
        assert head.startswith("id           title")
        assert line.startswith("billing/pay  Reset a password  trial  customer,staff  @crew  2020-01-01 overdue")
        assert total == "1 of 2 entries: 1 trial; 1 overdue; 3 phrasings, 0 tests"
    assert shown(capsys, "list", "--state", "draft") == "0 of 2 entries; 0 phrasings, 0 tests\n"
    assert [each["id"] for each in json.loads(shown(capsys, "list", "--json"))] == ["accounts/reset", "billing/pay"]
    assert refused(capsys, "list", "--category", "biling") == "no category `biling` in kb; did you mean `billing`?\n"
    assert refused(capsys, "list", "--owner", "@crow") == "no owner `crow` in kb; did you mean `crew`?\n"


@pytest.mark.long
def test_every_shipped_entry_can_be_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    knowledge = load_knowledge(Path("kb"), Path("escalation_rules.yaml"), rules_needed=True)
    monkeypatch.setattr("bot.wiring.load_knowledge", lambda *_, **__: knowledge)

    for entry_id in knowledge.entries:
        page = shown(capsys, "show", entry_id)

        assert page.startswith(entry_id)
        assert f"kb/{entry_id}.yaml" in page
        assert "{{" not in page
        assert max(map(cell_len, page.splitlines())) == WIDTH


@pytest.mark.parametrize("width", [50, 64, 80, 120])
def test_a_page_is_never_wider_than_its_terminal(
    width: int, house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "A label of some length that a button shows whole if there is room"
    told = "How do I get at the intranet from a very remote place with a name of forty letters or more? " * 3
    guide = GUIDE.replace("label: Again", f"label: {long}").replace("Look again.", told).replace("Laptop", long)
    kb(house / "kb", accounts__other=ENTRY.replace("my pass", "a pass").replace("Reset a", "Change a"))
    kb(house / "kb", accounts__reset=f"{ENTRY}{guide}notes: {told}{'x' * 200}\n")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(width))

    page = shown(capsys, "show", "accounts/reset")

    assert max(map(cell_len, page.splitlines())) == width


# --- how a case gets to people ----------------------------------------------------------------------------------------

IT, SALES = Queue("it", "C0IT000001", role="IT"), Queue("sales", "C0SALES0001", role="Sales", priority_cap="p2")
STUCK = Trigger("stuck-here", When(feedback=("still_stuck",), entry=("a/b",)), Then("handoff", queue="sales"))
NEVER = Trigger("no", When(category=("a",)), Then("refuse"))
ASK = Trigger("ask", When(category=("a",)), Then("offer", queue="sales"))


@pytest.mark.parametrize(
    ("triggers", "escalate", "ways"),
    [
        # the built-in rules alone: offered first, then handed over
        ((), Escalate(), ["asked answer", "wish handoff it p3", "stuck offer", "limit handoff it p3"]),
        (
            (),
            Escalate(queue="sales", priority="p1"),
            ["asked answer", "wish handoff sales p2", "stuck offer", "limit handoff sales p2"],
        ),
        (
            (),
            Escalate(policy="always"),
            ["asked handoff it p3", "wish handoff it p3", "stuck offer", "limit handoff it p3"],
        ),
        # no rule offers a person, but the button is there
        ((), Escalate(policy="never"), ["asked answer", "wish handoff it p3", "stuck offer", "limit offer"]),
        # a limit of one: the first time is the last
        ((), Escalate(after_failed=1), ["asked answer", "wish handoff it p3", "stuck handoff it p3"]),
        # a rule of one's own decides where to, and a wish stays a wish
        ((STUCK,), Escalate(), ["asked answer", "wish handoff it p3", "stuck handoff sales p3"]),
        ((NEVER,), Escalate(), ["asked refuse", "wish handoff it p3", "stuck refuse"]),
        # a rule that only offers a person does not say where to
        ((ASK,), Escalate(), ["asked offer", "wish handoff it p3", "stuck offer", "limit offer"]),
    ],
)
def test_how_the_rules_bring_people_in(triggers: tuple[Trigger, ...], escalate: Escalate, ways: list[str]) -> None:
    entry = Entry("a/b", "T", ("p",), "A", escalate=escalate)
    rules = Rules(queues={"it": IT, "sales": SALES}, default_queue="it", triggers=triggers)

    found = ways_to_people(entry, rules, NOON)

    assert [f"{w.when} {w.action}" + (f" {w.to.queue} {w.to.priority}" if w.to else "") for w in found] == ways


def test_routing_says_where_to() -> None:
    rules = Rules(queues={"it": IT, "sales": SALES}, default_queue="it", routing=(Route("sales", "p4", category="a"),))

    wish = next(way for way in ways_to_people(Entry("a/b", "T", ("p",), "A"), rules, NOON) if way.when == "wish")

    assert wish.to is not None
    assert (wish.to.queue, wish.to.priority) == ("sales", "p4")
