"""Texts are measured as they are sent: with their variables filled in, in the units that Slack counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.texts.rendering import LONGEST_ANSWER, LONGEST_STEP, LONGEST_SUMMARY, filled, filled_width
from bot.core.widths import width
from tests.content.small_files import ENTRY, loaded, short

SITE = "variables:\n  long: " + "l" * 1_000 + "\n  short: s\n"
GUIDE = """\
steps:
  start: a
  nodes:
    a:
      say: {say}
      ask: {ask}
      options: [{{label: x, end: resolved}}]
"""

values = st.dictionaries(st.sampled_from(["a", "b", "site.x"]), st.text(max_size=20), max_size=3)
markdown = st.lists(
    st.one_of(st.text(max_size=8), st.sampled_from(["{{a}}", "{{ b }}", "{{site.x}}", "{{nobody}}", "{{", "}}", "😀"]))
).map("".join)


@given(markdown, values)
def test_the_length_is_that_of_what_is_sent(text: str, known: dict[str, str]) -> None:
    assert filled_width(text, known) == width(filled(text, known).text)


@given(markdown, values)
def test_everything_sent_comes_from_something_written(text: str, known: dict[str, str]) -> None:
    sent = filled(text, known)

    for at, char in enumerate(sent.text):
        written = sent.written(range(at, at + 1))
        words = text[written.start : written.stop]
        assert words == char or (words.startswith("{{") and char in known[sent.variable_at(range(at, at + 1))])


def test_a_value_is_not_looked_into() -> None:
    assert filled("{{a}} {{b}}", {"a": "{{b}}", "b": "x"}).text == "{{b}} x"


@pytest.mark.parametrize(
    ("answer", "fits"),
    [
        ("x" * LONGEST_ANSWER, True),
        ("x" * (LONGEST_ANSWER + 1), False),
        ("😀" * (LONGEST_ANSWER // 2), True),  # an emoji counts as two
        ("😀" * (LONGEST_ANSWER // 2 + 1), False),
        ("{{site.long}}" * 11, True),  # 11,000 once filled in, if a tenth of it before
        ("{{site.long}}" * 11 + "!", False),
        ("{{site.short}}" * 1_000, True),  # and much shorter than it is written
        ("{{customer.first_name}}" + "x" * (LONGEST_ANSWER - 80), True),  # nobody's name is too long to be answered
        ("{{customer.first_name}}" + "x" * (LONGEST_ANSWER - 79), False),
        ("{{case.id}}" + "x" * (LONGEST_ANSWER - 8), True),
        ("{{case.id}}" + "x" * (LONGEST_ANSWER - 7), False),
    ],
)
def test_an_answer_is_measured_once_filled_in(answer: str, fits: bool, tmp_path: Path) -> None:
    found = loaded(
        tmp_path, _site=SITE, a__b=ENTRY.replace("Open the portal and choose *Forgot password*.", f"'{answer}'")
    )

    assert [short(fault) for fault in found.faults] == ([] if fits else ["6:9 KB027"])


def test_the_length_told_is_the_one_once_filled_in(tmp_path: Path) -> None:
    answer = "'" + "{{site.long}}" * 12 + "'"

    found = loaded(tmp_path, _site=SITE, a__b=ENTRY.replace("Open the portal and choose *Forgot password*.", answer))

    assert [fault.message for fault in found.faults] == ["12,000 characters once filled in, 11,000 at most"]


def test_links_stand_below_the_answer_and_count_with_it(tmp_path: Path) -> None:
    answer = ENTRY.replace("Open the portal and choose *Forgot password*.", "x" * (LONGEST_ANSWER - 100))
    link = "  - {label: Portal, url: 'https://portal.example.com/%s'}\n" % ("y" * 70)

    one, two = loaded(tmp_path, a__b=f"{answer}links:\n{link}"), loaded(tmp_path, a__b=f"{answer}links:\n{link}{link}")

    assert [short(fault) for fault in one.faults] == ["6:9 KB027"]
    assert one.faults[0].message == "11,006 characters with its links, 11,000 at most"
    assert two.faults[0].message == "11,112 characters with its links, 11,000 at most"


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("{{site.short}}" * 100, []),  # 1,400 as written
        ("s" * LONGEST_SUMMARY, []),
        ("{{site.long}}", ["7:10 KB027"]),
        ("{{customer.first_name}} {{customer.first_name}}", ["7:10 KB027"]),
    ],
)
def test_a_summary_is_measured_once_filled_in(summary: str, expected: list[str], tmp_path: Path) -> None:
    found = loaded(tmp_path, _site=SITE, a__b=f"{ENTRY}summary: '{summary}'\n")

    assert [short(fault) for fault in found.faults] == expected


@pytest.mark.parametrize(
    ("say", "ask", "expected"),
    [
        ("x" * 1_000, "y" * 1_000, []),
        ("x" * 2_000, "y" * 998, []),  # with the blank line between them, 3,000
        ("x" * 2_000, "y" * 999, ["11:12 KB027"]),
        ("{{site.long}}" * 3, "Well?", ["11:12 KB027"]),
        ("{{site.long}}" * 2, "Well?", []),
        ("x", "y" * (LONGEST_STEP + 1), ["12:12 KB027"]),  # told where it is, and once
        ("x" * (LONGEST_STEP + 1), "y" * (LONGEST_STEP + 1), ["12:12 KB027"]),
        ("x", "'{{site.long}}?'", ["12:13 KB041"]),  # a question is sent as it is written
        ("x", "'@here?'", ["12:13 KB042"]),
    ],
)
def test_a_step_is_measured_with_its_question(say: str, ask: str, expected: list[str], tmp_path: Path) -> None:
    say = f"'{say}'"

    found = loaded(tmp_path, _site=SITE, a__b=ENTRY + GUIDE.format(say=say, ask=ask))

    assert [short(fault) for fault in found.faults] == expected


@pytest.mark.parametrize(
    ("answer", "summary"),
    [
        ("Open {{site.short}}. Then go.", "Open s."),
        ("Open {{site.long}} at once. Then go.", "Open…"),  # whole it would be a thousand characters
        ("Hi {{customer.first_name}}, open {{case.id}}. Go.", "Hi {{customer.first_name}}, open {{case.id}}."),
        ("{{customer.first_name}}, " + "open it " * 10, "{{customer.first_name}}, " + "open it " * 7 + "open it…"),
        ("go " * 40 + "{{customer.first_name}}!", "go " * 39 + "go…"),  # no half of a name
    ],
)
def test_the_summary_that_is_made_fits_once_filled_in(answer: str, summary: str, tmp_path: Path) -> None:
    found = loaded(
        tmp_path, _site=SITE, a__b=ENTRY.replace("Open the portal and choose *Forgot password*.", f"'{answer}'")
    )

    assert found.value is not None
    assert found.value.entries["a/b"].summary == summary


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{{site.short}} and more", "4:10 KB041"),  # values are filled in once, and not looked into
        ("for {{customer.first_name}}", "4:14 KB041"),
        ("for {{case.id", "4:14 KB041"),
    ],
)
def test_a_variable_cannot_hold_another(written: str, expected: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, _site=f"{SITE}  both: '{written}'\n", a__b=ENTRY)

    assert [short(fault) for fault in found.faults] == [expected]
    assert "written {{" in found.faults[0].hint or "cannot hold another" in found.faults[0].hint


def test_an_entry_is_not_blamed_for_a_variable_that_cannot_be_read(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, _site="variables: {phone: 4400}\n", a__b=ENTRY.replace("Open the", "Call {{site.phone}}, the")
    )

    assert [short(fault) for fault in found.faults] == ["1:20 KB007"]
