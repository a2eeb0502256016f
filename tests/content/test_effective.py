"""`tier1 rules show`: the whole effective file, which loads again to the same rules."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from bot.content.reading.scalars import duration
from bot.content.reading.yaml_text import flow
from bot.content.rules.effective import as_yaml, effective, length
from bot.content.rules.loading import keys_written, load_rules
from bot.content.rules.shape import RULES as SHAPE
from bot.content.schema import schema_of
from bot.core.redaction import ALWAYS
from bot.core.rulebook.rules import Rules, Then, Trigger, When
from bot.core.rulebook.triggers import BUILT_IN, ERROR, HUMAN_REQUEST
from tests.content.random_rules import files
from tests.content.small_files import RULES, loaded_rules

ROOT = Path(__file__).parents[2]
FULL = Path(__file__).parent / "full" / "escalation_rules.yaml"
SHIPPED = ROOT / "escalation_rules.yaml"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def shown(file: Path) -> str:
    rules = load_rules(file).value
    assert rules is not None
    return as_yaml(rules, keys_written(file))


def again(text: str) -> Rules:
    with tempfile.TemporaryDirectory() as folder:
        loaded = loaded_rules(Path(folder), text)
    assert loaded.value is not None, [str(fault) for fault in loaded.errors]
    return loaded.value


@pytest.mark.parametrize("file", [SHIPPED, FULL], ids=lambda file: file.parent.name)
def test_what_is_shown_loads_again_to_the_same_rules(file: Path) -> None:
    assert again(shown(file)) == load_rules(file).value


def test_the_smallest_file_is_shown_with_every_default(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(RULES, encoding="utf-8")

    assert shown(file) == (Path(__file__).parent / "smallest_shown.yaml").read_text(encoding="utf-8")
    assert again(shown(file)) == load_rules(file).value


def test_a_file_that_is_shown_leaves_nothing_to_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(shown(SHIPPED), encoding="utf-8")

    assert "  # default" in shown(SHIPPED)
    assert "  # default" not in shown(file)


@given(files())
def test_whatever_is_written_is_shown_as_it_is_meant(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rules.yaml"
        file.write_text(text, encoding="utf-8")
        loaded = load_rules(file)
        assert loaded.value is not None, [str(fault) for fault in loaded.errors]
        text_shown = shown(file)

    assert again(text_shown) == loaded.value


@given(st.text())
def test_no_words_are_changed_by_writing_them(words: str) -> None:
    written = flow({words: [words]})

    assert yaml.safe_load(written if len(words) < 100 else f"? {flow(words)}\n: {flow([words])}") == {words: [words]}


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("Technical Support", "Technical Support"),
        ("billing/*", "billing/*"),
        ("C0HELPDESK1", "C0HELPDESK1"),
        ("off", '"off"'),  # YAML reads it as false
        ("1:30", '"1:30"'),  # and this as ninety
        ("2026-12-25", '"2026-12-25"'),
        ("80% first_response", '"80% first_response"'),
        ("who: me", '"who: me"'),
        ("{{case.id}}", '"{{case.id}}"'),
        ("", '""'),
        ('"so"', '"\\"so\\""'),
        ("a\nb", '"a\\nb"'),
        ("bell\x07", '"bell\\x07"'),
        ("caf\u00e9 \U0001f600", '"caf\u00e9 \U0001f600"'),
    ],
)
def test_words_stand_without_quotes_only_where_nobody_takes_them_for_something_else(words: str, written: str) -> None:
    assert flow(words) == written
    assert yaml.safe_load(written) == words


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "0m"), (90, "1m30s"), (900, "15m"), (5_400, "1h30m"), (86_400, "1d"), (604_800, "7d"), (90_061, "1d1h1m1s")],
)
def test_lengths_of_time(seconds: int, written: str) -> None:
    of = duration(f"{seconds}s") if seconds < 100_000 else duration(f"{seconds // 86_400}d")

    assert of is not None
    assert length(of) == written
    assert duration(written) == of


def test_the_sections_stand_in_the_order_of_the_schema() -> None:
    rules = load_rules(FULL).value
    assert rules is not None

    assert list(effective(rules)) == list(SHAPE.schema["properties"])


@pytest.mark.parametrize("file", [SHIPPED, FULL], ids=lambda file: file.parent.name)
def test_what_is_shown_fits_the_schema(file: Path) -> None:
    rules = load_rules(file).value
    assert rules is not None
    check = jsonschema.Draft202012Validator(json.loads(json.dumps(schema_of("rules"))))

    assert [error.message for error in check.iter_errors(effective(rules, keys_written(file)))] == []


def test_every_key_of_the_rules_is_described() -> None:
    schema = json.loads(json.dumps(schema_of("rules")))

    assert list(_undescribed(schema)) == []


def _undescribed(schema: object, path: str = "") -> Iterator[str]:
    inside = schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ()
    for name, inner in inside:
        here = f"{path}/{name}"
        if path.endswith("/properties") and not str(inner.get("description", "")).endswith((".", '"')):
            yield here
        yield from _undescribed(inner, here)


def test_what_is_built_in_stands_where_it_acts_as_the_core_has_it() -> None:
    section = shown(SHIPPED).partition("\ntriggers:\n")[2].partition("\nrouting:")[0].splitlines()
    comments = [line for line in section if line.startswith("  # ") and "Built in" not in line]
    bare = "".join(f"  {line.removeprefix('  # ')}\n" for line in comments)

    wish, error, *last = again(f"{RULES}triggers:\n{bare}").triggers

    assert wish == Trigger(HUMAN_REQUEST, When(human_request=True), Then("handoff"))
    assert error == Trigger(ERROR, When(error=True), Then("handoff", reason="error"))
    assert tuple(last) == BUILT_IN


def test_what_no_key_says_stands_there_as_a_comment(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(RULES, encoding="utf-8")
    text = shown(file)
    written = f"{RULES}edits_within: 1h\nmatching: {{thresholds: {{default: {{sure: 0.6}}}}}}\n"

    assert "\n# edits_within: however late" in text
    assert "  # built in, always masked: private_key, token, card_number, password\n" in text
    assert "  # all others: as the knowledge base itself gives them\n" in text
    file.write_text(written, encoding="utf-8")
    assert "however late" not in shown(file)
    assert "all others: as the knowledge base" not in shown(file)
    assert "\nedits_within: 1h\n" in shown(file)


def test_what_is_said_to_be_always_masked_is() -> None:
    (line,) = [line for line in shown(SHIPPED).splitlines() if "always masked" in line]

    assert set(line.partition(": ")[2].split(", ")) == ALWAYS


def test_ids_that_stand_for_groups_are_not_groups_of_the_file() -> None:
    rules = load_rules(FULL).value
    assert rules is not None
    assert {"mates", "owners", "U0CARL00001", "S0DECK00001", "U0DORA00001"} <= rules.groups.keys()

    assert list(yaml.safe_load(shown(FULL))["groups"]) == ["mates", "owners"]


def test_only_what_is_not_written_is_marked() -> None:
    lines = [line.strip() for line in shown(FULL).splitlines()]

    assert "tier: 2" in lines  # written
    assert "role: Captains  # default" in lines
    assert "priority_cap: p1  # default" in lines
    assert "first_response: 10m" in lines  # one of a promise is written, the others are not
    assert "next_response: 2h  # default" in lines
    assert 'sat: ["00:00-02:00"]' in lines  # what Friday night left over
    assert "tue: []  # default" in lines
    assert "G0PRIVATE01: {mode: mention, private: false, test: false}  # default" in lines
    assert "- {category: news, priority: p3}" in lines  # one of a list: each has its own line


def test_as_json_it_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "show", "--rules", str(FULL)]) == 0
    written = capsys.readouterr().out
    assert main(["rules", "show", "--rules", str(FULL), "--json"]) == 0

    assert again(written) == load_rules(FULL).value
    assert again(capsys.readouterr().out) == load_rules(FULL).value


def test_rules_with_an_error_are_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rules.yaml").write_text(f"{RULES}trigers: []\nwords: {{a: [the]}}\n", encoding="utf-8")

    assert main(["rules", "show", "--rules", str(tmp_path / "rules.yaml")]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.endswith("rules.yaml:3:1 RU003 error  unknown key `trigers` -> did you mean `triggers`?\n")
