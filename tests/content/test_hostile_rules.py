"""Whatever a file of rules holds, loading it ends soon, raises nothing, and what can be loaded can be shown."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.rules.effective import as_yaml
from bot.content.rules.loading import keys_written, load_rules
from bot.content.rules.shape import RULES as SHAPE
from tests.content.random_rules import AROUND, files
from tests.content.small_files import RULES, loaded_rules

SHIPPED = (Path(__file__).parents[2] / "escalation_rules.yaml").read_text(encoding="utf-8")
FULL = (Path(__file__).parent / "full" / "escalation_rules.yaml").read_text(encoding="utf-8")
pytestmark = pytest.mark.long
SOON = pytest.mark.timeout(30)  # seconds: far more than any of these takes, far less than a hang
NAMES = ("it", "hr", "vip", "office", "up", "fast", "lost", "billing/refund", "a/*", "U0A", "S0A", "C0A", "limit")


def amiss(text: str) -> list[str]:
    """What no text may lead to: a value beside errors, or neither; a fault without a place; rules lost in showing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loaded = loaded_rules(folder, text, frozenset({"a/x"}), frozenset())
        found = [str(each) for each in loaded.faults if min(each.place.line, each.place.column) < 1 or not each.message]
        if (loaded.value is None) != bool(loaded.errors):
            found.append("a value and errors, or neither")
        if loaded.value is not None:
            shown = as_yaml(loaded.value, keys_written(folder / "escalation_rules.yaml"))
            if loaded_rules(folder, shown).value != loaded.value:
                found.append(f"shown, it loads to other rules:\n{shown}")
    return found


def words() -> st.SearchStrategy[object]:
    """What may stand anywhere: sometimes fitting, mostly not."""
    single = st.one_of(
        st.sampled_from([*NAMES, "0m", "15m", "80% first_response", "09:00-17:00", "2026-12-25", "off", "", "~", "p1"]),
        st.text(max_size=6),
        st.booleans(),
        st.integers(-2, 200),
        st.none(),
    )
    names = st.one_of(st.sampled_from([*SHAPE.schema["properties"], *NAMES]), st.text(max_size=4))
    return st.recursive(
        single, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3))
    )


@settings(max_examples=150, deadline=None)
@given(files(), st.data())
def test_a_good_file_with_another_value_somewhere_never_raises(text: str, data: st.DataObject) -> None:
    tree = json.loads(text)
    at: Any = tree
    for _ in range(data.draw(st.integers(1, 5))):
        holder = at
        key = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else range(len(at))))
        at = holder[key]
        if not at or not isinstance(at, (dict, list)):
            break
    holder[key] = data.draw(words())

    assert amiss(json.dumps(tree, ensure_ascii=False)) == []


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([SHIPPED, FULL]), st.data())
def test_a_real_file_with_a_piece_changed_never_raises(whole: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(begin, min(len(whole), begin + 40)))
    other = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 40))

    assert amiss(whole[:begin] + whole[other : other + length] + whole[end:]) == []


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([SHIPPED, FULL]), st.randoms(use_true_random=False))
def test_lines_left_out_or_said_twice_never_raise(whole: str, chance: random.Random) -> None:
    lines = whole.splitlines(keepends=True)

    assert amiss("".join(line * chance.choice([1, 1, 1, 1, 0, 2]) for line in lines)) == []


def trigger(number: int, when: str) -> str:
    return f"  - {{id: t{number}, when: {when}, then: {{action: handoff}}}}\n"


def nested(depth: int, inner: str) -> str:
    return "{any: [{all: [" * depth + inner + "]}, {has_file: true}]}" * depth


BOTH = "{any: [{group: vip}, {band: none}]}"
AROUND_TEXT = "".join(f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in AROUND.items()) + "triggers:\n"
MANY_WORDS = ", ".join(f"word{n} of list{n}" for n in range(4_000))
MANY_USERS = ", ".join(f"U{n:04}" for n in range(3_000))


@SOON
@pytest.mark.parametrize(
    "text",
    [
        AROUND_TEXT + trigger(0, f"{{all: [{', '.join([BOTH] * 200)}]}}"),  # 2 to the power of 200 ways
        AROUND_TEXT + trigger(0, f"{{not: {{any: [{', '.join(['{not: ' + BOTH + '}'] * 200)}]}}}}"),
        AROUND_TEXT + trigger(0, nested(12, BOTH)),
        AROUND_TEXT + trigger(0, f"{{any: [{', '.join(['{band: sure, not: {band: sure}}'] * 3_000)}]}}"),
        AROUND_TEXT + trigger(0, f"{{all: [{', '.join(f'{{not: {{channel: C{n}}}}}' for n in range(3_000))}]}}"),
        AROUND_TEXT + "".join(trigger(n, "{has_file: true}") for n in range(2_500)),  # all but one never act
        AROUND_TEXT + "".join(trigger(n, f"{{channel: C{n}, not: {{band: sure}}}}") for n in range(2_500)),
        AROUND_TEXT + "".join(trigger(n, f"{{any: [{BOTH}, {{channel: C{n}}}]}}") for n in range(1_500)),
        AROUND_TEXT + "".join(trigger(n, f"{{group: [{MANY_USERS}]}}") for n in range(8)),
        AROUND_TEXT + "".join(trigger(n, f"{{group: U{n}, not: {{group: [{MANY_USERS}]}}}}") for n in range(8)),
        RULES
        + f"words: {{a: [{MANY_WORDS}], b: [{MANY_WORDS}], c: [{'very ' * 9_000}]}}\ntriggers:\n"
        + "".join(trigger(n, f"{{keywords: [{'abc'[n % 3]}, c], band: none}}") for n in range(300)),
        RULES
        + "words: {" + ", ".join(f"l{n}: [word{n}, two words{n}]" for n in range(1_500)) + "}\ntriggers:\n"
        + "".join(trigger(n, f"{{keywords: l{n}, not: {{keywords: l{(n + 1) % 1_500}}}}}") for n in range(1_500)),
        "queues:\n" + "".join(f"  q{n}: {{channel: C0A, fallback: q{(n + 1) % 4_000}}}\n" for n in range(4_000)),
        "queues:\n" + "".join(f"  q{n}: {{channel: C0A, fallback: q{n}}}\n" for n in range(4_000)),
        RULES + "routing:\n" + "".join(f"  - {{entry: a/b{n}, queue: it}}\n" for n in range(6_000)),
        RULES + "routing: [{category: [" + "a, " * 20_000 + "], entry: [" + "b/c, " * 20_000 + "], queue: it}]",
        RULES + "ladders: {up: [" + ", ".join(["{at: 1h, do: ping_group}"] * 6_000) + "]}",
        "queues: {"
        + ", ".join(f"q{n}: {{channel: C0A, ladder: up}}" for n in range(2_000))
        + "}\nladders: {up: [" + "{at: 1h, do: ping_group}, " * 4_000 + "]}",
        "queues: {"
        + ", ".join(f"q{n}: {{channel: C0A, ladder: l{n}}}" for n in range(3_000))
        + "}\nladders: {" + ", ".join(f"l{n}: []" for n in range(3_000)) + "}",
        RULES + "groups: {" + ", ".join(f"g{n}: {{}}" for n in range(15_000)) + "}",
        RULES + "groups: {" + ", ".join(f"g{n}: {{users: [U{n}]}}" for n in range(6_000)) + "}",
        RULES + "groups: {a: {email_domains: ['" + "a-" * 60_000 + "']}}",
        RULES + "groups: {a: {email_domains: ['" + "a." * 60_000 + "!']}}",
        RULES + "words: {a: [" + "the, " * 40_000 + "]}",
        RULES + "tests: [" + "{name: a, given: {}, expect: {rule: x}}, " * 5_000 + "]",
        RULES + "calendars: {a: {holidays: [" + "{country: XX, subdivision: YY}, " * 6_000 + "]}}",
        RULES + "calendars: {a: {holidays: [" + "{country: FR, subdivision: YY}, " * 6_000 + "]}}",
        RULES + "tests: [{name: a, given: {history: [" + "{at: '2026-01-01'}, " * 9_000 + "]}, expect: {}}]",
    ],
    ids=lambda text: f"{text[-40:]!r} {len(text)}",
)  # fmt: skip
def test_no_rules_take_long(text: str, tmp_path: Path) -> None:
    assert len(text) <= 256 * 1024  # or it would not be read at all

    loaded = loaded_rules(tmp_path, text)

    assert (loaded.value is None) == bool(loaded.errors)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(SHIPPED.encode())))
def test_bytes_in_the_middle_of_a_real_file_never_raise(raw: bytes, at: int) -> None:
    whole = SHIPPED.encode()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rules.yaml"
        file.write_bytes(whole[:at] + raw + whole[at:])
        loaded = load_rules(file, entry_queues=frozenset())

    assert (loaded.value is None) == bool(loaded.errors)
