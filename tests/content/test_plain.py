"""Markdown as plain words, and the first sentence of an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.texts.plain import cut, first_sentence, plain


@pytest.mark.parametrize(
    ("answer", "summary"),
    [
        ("Open it. Then close it.", "Open it."),
        (
            "Hi {{customer.first_name}}, two minutes will do.\n\n1. Go",
            "Hi {{customer.first_name}}, two minutes will do.",
        ),
        ("Open *Settings*, then **Save**!", "Open Settings, then Save!"),
        ("Use [the portal](https://x.example/a_b) now. Or not.", "Use the portal now."),
        ("Use <https://x.example|the portal> now.", "Use the portal now."),
        ("Type `a_b_c`. Done.", "Type a_b_c."),
        ("# Passwords\n\nAsk us. Always.", "Ask us."),  # a heading alone says nothing
        ("# Passwords", "Passwords"),  # but it is better than silence
        ("1. Open it\n2. Close it", "Open it"),  # an item is a sentence of its own
        ("**Frozen:** hold the button.", "Frozen: hold the button."),
        ("Try these:\n\n- one\n- two", "Try these"),
        ("Use e.g. Chrome, i.e. a browser. Then go.", "Use e.g. Chrome, i.e. a browser."),
        ("Version 2.5 is out. Get it.", "Version 2.5 is out."),
        ("A line\ngoes on. And on.", "A line goes on."),
        ("> Quoted words. Here.", "Quoted words."),
        ("***", ""),
    ],
)
def test_the_summary_is_the_first_sentence_in_plain_words(answer: str, summary: str) -> None:
    assert first_sentence(answer, longest=150) == summary


def test_a_long_sentence_is_cut_at_a_word() -> None:
    assert first_sentence("one two three four", longest=12) == "one two…"
    assert cut("one two three", 13) == "one two three"
    assert cut("x" * 20, 10) == "x" * 9 + "…"


@given(st.text(max_size=400), st.integers(min_value=2, max_value=150))
def test_a_summary_is_one_line_and_never_too_long(answer: str, longest: int) -> None:
    summary = first_sentence(answer, longest=longest)

    assert len(summary) <= longest
    assert len(summary.splitlines()) <= 1
    assert "\n" not in plain(answer)
