"""One form for all files: what is brought into order, what stays as it was written, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.content.reading.source import parse_yaml
from bot.content.schema import FileSort, schema_of
from bot.content.writing.formatting import ENTRY_ORDER, formatted
from bot.errors import ContentError
from tests.content.small_files import ENTRY
from tests.content.untidy import untidy

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "kb").rglob("*.yaml")) + sorted((ROOT / "tests" / "content" / "full" / "kb").rglob("*.yaml"))


def said(text: str) -> object:
    """What the text says, by another reader than ours: every value as it is written."""
    return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506  it makes nothing but text


def faults_of(text: str) -> list[object]:
    faults: list[object] = []
    parse_yaml(text, "x.yaml", lambda *args, **_: faults.append(args))
    return faults


def sort_of(file: Path) -> FileSort:
    return "site" if file.name == "_site.yaml" else "words" if file.name == "_words.yaml" else "entry"


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_shipped_file_says_the_same_afterwards(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    result = formatted(text, sort=sort_of(file))

    assert said(result) == said(text)
    assert sorted(line.strip() for line in result.splitlines()) == sorted(line.strip() for line in text.splitlines())
    assert formatted(result, sort=sort_of(file)) == result


@given(untidy())
def test_any_layout_says_the_same_afterwards_with_all_its_comments(written: tuple[str, list[str]]) -> None:
    text, comments = written
    assert faults_of(text.replace("\r\n", "\n")) == []  # else it would show nothing

    result = formatted(text)

    assert said(result) == said(text if text.endswith("\n") else f"{text}\n")
    assert [result.count(f"{comment}\n") for comment in comments] == [1] * len(comments)
    assert formatted(result) == result
    assert "\r" not in result
    assert result.endswith("\n")


@given(st.randoms(use_true_random=False), st.sampled_from(SHIPPED))
@example(None, SHIPPED[0])
def test_shipped_files_survive_stray_comments_and_blank_lines(random, file: Path) -> None:  # type: ignore[no-untyped-def]
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    if random is not None:
        for number in range(random.randint(1, 6)):
            stray = random.choice(["", "   ", " " * random.randint(0, 9) + f"# stray {number}"])
            lines.insert(random.randint(0, len(lines)), stray)
    untidied = "\n".join(lines) + "\n"
    assume(not faults_of(untidied))  # a comment may cut a text in two

    result = formatted(untidied, sort=sort_of(file))

    assert said(result) == said(untidied)
    assert sorted(line.strip() for line in result.splitlines() if "# stray" in line) == sorted(
        line.strip() for line in lines if "# stray" in line
    )
    assert formatted(result, sort=sort_of(file)) == result


def test_top_level_keys_come_into_one_order_with_their_comments() -> None:
    text = """\
# yaml-language-server: $schema=x.json
# Written in a hurry.
answer: |
  Open the portal. # part of the text
# never forget these
tests:  # promises
  match: [I forgot it]  # as typed

# what people type
phrasings: [a, b, c]
title: Reset it  # short
# the last word
"""

    assert (
        formatted(text)
        == """\
# yaml-language-server: $schema=x.json
# Written in a hurry.
title: Reset it  # short

# what people type
phrasings: [a, b, c]
answer: |
  Open the portal. # part of the text
# never forget these
tests:  # promises
  match: [I forgot it]  # as typed
# the last word
"""
    )


def test_every_key_has_its_place() -> None:
    assert set(ENTRY_ORDER) == set(schema_of("entry")["properties"])
    assert len(ENTRY_ORDER) == len(set(ENTRY_ORDER))


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("tests:\n    match:\n        - a\n", "tests:\n  match:\n    - a\n"),  # four blanks a level
        ("phrasings:\n- a\n- b\n", "phrasings:\n  - a\n  - b\n"),  # dashes under their key
        ("links:\n  -   label: x\n      url: y\n", "links:\n  - label: x\n    url: y\n"),  # blanks after a dash
        ("links:\n  -\n    label: x\n", "links:\n  -\n    label: x\n"),  # an item on the line below its dash
        ("title:    x\n", "title: x\n"),  # blanks after a colon
        ("title : x\n", "title: x\n"),  # a blank before it
        ("  title: x\n  notes: y\n", "title: x\nnotes: y\n"),  # everything moved in
        ("title: x  \n\n\n\nnotes: y\n\n\n", "title: x\n\nnotes: y\n"),  # spare blanks and lines
        ("\n\ntitle: x\n", "title: x\n"),  # lines before the first
        ("title: x\r\nnotes: y\r\n", "title: x\nnotes: y\n"),  # ends of lines as Windows has them
        ("\ufefftitle: x\n", "title: x\n"),  # a mark that some editors put first
        ("title: x", "title: x\n"),  # no end of line
        ("keywords: {any: [a,  b]}\n", "keywords: {any: [a,  b]}\n"),  # what stands in one line is left as it is
        ("phrasings: [a,\n b,\n   c]\n", "phrasings: [a,\n  b,\n   c]\n"),  # over several lines it moves in
        ("title: one\n two\n", "title: one\n  two\n"),  # a text is not put on one line
        ('title: "one\n\n two"\n', 'title: "one\n\n  two"\n'),  # in quotes a blank line counts
        ("title: 'it''s \"x\"'\n", "title: 'it''s \"x\"'\n"),  # nor are its quotes exchanged
        ('title: "caf\\u00e9 \\\n  x"\n', 'title: "caf\\u00e9 \\\n  x"\n'),  # nor its escapes
        ("answer: |\n     a\n\n\n\n       b  \n", "answer: |\n  a\n\n\n\n    b  \n"),  # a text keeps its inside
        ("answer: |2-\n   a\n  b\n", "answer: |2-\n   a\n  b\n"),  # and what its head says
        ("answer: >\n      a\n      b\n", "answer: >\n  a\n  b\n"),  # folded ones too
        ("answer: |+\n  a\n\n\ntitle: x\n", "title: x\nanswer: |+\n  a\n\n\n"),  # lines that are part of it go along
        ("notes: x\nanswer: |+\n  a\ntitle: y\n", "title: y\nanswer: |+\n  a\nnotes: x\n"),
        ("title: x # y\n", "title: x # y\n"),  # one blank before `#` is a warning, which must not vanish
        ("title: x    # y\n", "title: x    # y\n"),  # remarks in a column stay in it
        ("own: x\ntitle: y\nother: z\n", "title: y\nown: x\nother: z\n"),  # unknown keys last, as they stood
        ("---\nnotes: x\ntitle: y\n...\n", "---\ntitle: y\nnotes: x\n...\n"),  # the marks of a document
        ("{title: x,\n   notes: y}\n", "{title: x,\n   notes: y}\n"),  # all in brackets: left alone
    ],
)
def test_what_becomes_of_a_layout(written: str, wanted: str) -> None:
    assert formatted(written) == wanted
    assert formatted(wanted) == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("tests:\n# c\n    match: [a]\n", "tests:\n  # c\n  match: [a]\n"),  # with the key below it
        ("tests:\n    match:\n    - a\n    # c\n    - b\n", "tests:\n  match:\n    - a\n    # c\n    - b\n"),
        ("tests:\n    match:\n        - a\n        # c\nnotes: x\n", "tests:\n  match:\n    - a\n    # c\nnotes: x\n"),
        ("tests:\n    match:\n        - a\n    # c\nnotes: x\n", "tests:\n  match:\n    - a\n  # c\nnotes: x\n"),
        ("tests:\n    match:\n        - a\n# c\nnotes: x\n", "tests:\n  match:\n    - a\n# c\nnotes: x\n"),
        ("phrasings:\n- a\n# c\nnotes: x\n", "phrasings:\n  - a\n# c\nnotes: x\n"),  # not one more of the list
        ("phrasings:\n    # c\nnotes: x\n", "phrasings:\n  # c\nnotes: x\n"),  # below a key that has nothing else
        ("links:\n  - label: x\n  # c\n    url: y\n", "links:\n  - label: x\n    # c\n    url: y\n"),  # inside an item
        ("answer: |\n    a\n  # c\nnotes: x\n", "answer: |\n  a\n# c\nnotes: x\n"),  # out of the text above it
    ],
)
def test_what_a_comment_stands_with(written: str, wanted: str) -> None:
    assert formatted(written) == wanted
    assert formatted(wanted) == wanted


def test_the_shared_files_have_an_order_of_their_own() -> None:
    assert formatted("link_hosts: [a]\nvariables: {b: c}\n", sort="site") == "variables: {b: c}\nlink_hosts: [a]\n"
    assert formatted("human: {words: [a]}\nsynonyms: [[a, b]]\n", sort="words").startswith("synonyms:")


def test_the_line_of_the_schema_is_added_where_there_is_none() -> None:
    with_line = f"# yaml-language-server: $schema=../s.json\n{ENTRY}"

    assert formatted(ENTRY, schema="../s.json") == with_line
    assert formatted(with_line, schema="../other.json") == with_line
    assert formatted(f"\n# ours\n{ENTRY}", schema="s.json").splitlines()[:2] == [
        "# yaml-language-server: $schema=s.json",
        "# ours",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: a: b\n", "x.yaml:1:9 KB002 error"),  # no YAML
        ("title: a\ntitle: b\n", "x.yaml:2:1 KB004 error"),  # one of them would be lost
        ("title: &a b\n", "KB009"),  # anchors are refused everywhere
        ("title:\ta\n", "KB011"),
        ("title: a\n---\ntitle: b\n", "a second document"),
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("- a\n- b\n", "x.yaml:1:1: no keys"),
        ("? title\n: a\n", "x.yaml: line 1: a key that is written with `?`"),
        ("title: a\u2028\n", "x.yaml:1: a line break that editors do not show (U+2028)"),
    ],
)
def test_what_cannot_be_formatted_is_refused_with_its_faults(text: str, told: str) -> None:
    with pytest.raises(ContentError) as error:
        formatted(text, file="x.yaml")

    assert told in str(error.value)
