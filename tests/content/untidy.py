"""Files as people leave them: any indentation, comments anywhere, texts of every sort; each with what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st

Tree: TypeAlias = Any  # text, a list of trees, or keys with trees

_WORDS = st.sampled_from(
    ["reset", "my password", "it's late", 'say "yes"', "a: b", "x # y", "# no", "- dash", "é 😀", "C:\\"]
)
_KEYS = st.sampled_from(["title", "answer", "tests", "notes", "match", "say", "own", "links", "state"])
_LEAVES = st.lists(_WORDS, min_size=1, max_size=3).map("\n".join)
TREES: st.SearchStrategy[dict[str, Tree]] = st.dictionaries(
    _KEYS,
    st.recursive(
        _LEAVES,
        lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(_KEYS, inner, min_size=1, max_size=3),
        max_leaves=8,
    ),
    min_size=1,
    max_size=5,
)


@st.composite
def untidy(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A text of YAML and its comments, in order."""
    tree = draw(TREES)
    writer = _Writer(draw)
    writer.between(0)
    writer.keys(tree, 0 if draw(st.booleans()) else draw(st.integers(0, 3)))
    writer.between(0)
    text = "\n".join(writer.lines)
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text + draw(st.sampled_from(["", "\n", "\n\n\n"])) * writer.may_end_in_blanks, writer.comments


class _Writer:
    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.lines: list[str] = []
        self.comments: list[str] = []
        self.may_end_in_blanks = True
        self._in_text_from = 99  # the column from which a line would still belong to the text above

    def keys(self, tree: dict[str, Tree], column: int, first: str | None = None) -> None:
        """The keys, one below the other; `first` is what stands before the first one."""
        for key, value in tree.items():
            if first is None:
                self.between(column)
            start = " " * column if first is None else first
            first = None
            self.value(f"{start}{key}{self._blanks(0, 1)}:", value, column)

    def items(self, tree: Sequence[Tree], column: int, first: str | None = None) -> None:
        for value in tree:
            if first is None:
                self.between(column)
            start = " " * column if first is None else first
            first = None
            self.value(f"{start}-", value, column, in_list=True)

    def value(self, start: str, value: Tree, parent: int, *, in_list: bool = False) -> None:
        match value:
            case str():
                self._text(start, value, parent)
            case list():
                if in_list and self._draw(st.booleans()):
                    start += self._blanks(1, 3)
                    self.items(value, len(start), start)
                    return
                self._line(start)
                flush = not in_list and self._draw(st.booleans())
                self.items(value, parent if flush else parent + self._draw(st.integers(1, 5)))
            case dict():
                if in_list and self._draw(st.booleans()):
                    start += self._blanks(1, 3)
                    self.keys(value, len(start), start)
                    return
                self._line(start)
                self.keys(value, parent + self._draw(st.integers(1, 5)))

    def between(self, column: int) -> None:
        """Blank lines and comments, wherever YAML allows them."""
        for _ in range(self._draw(st.integers(0, 2))):
            if self._draw(st.booleans()):
                if self.may_end_in_blanks:
                    self.lines.append(self._blanks(0, 0 if self._in_text_from < 99 else 3))
            else:
                at = min(self._draw(st.sampled_from([column, 0, column + 1, column + 4])), self._in_text_from - 1)
                self.lines.append(" " * at + self._comment())
                self._in_text_from, self.may_end_in_blanks = 99, True

    def _text(self, start: str, text: str, parent: int) -> None:
        sorts = ["double", "block", "flow"] if "\n" in text else ["double", "plain", "folded", "flow", "nothing"]
        sort = self._draw(st.sampled_from(sorts))
        column = parent + self._draw(st.integers(1, 5))
        match sort:
            case "block" | "folded":
                chomp = self._draw(st.sampled_from(["-", "", "+"]))
                given = self._draw(st.booleans())
                header = ("|" if sort == "block" else ">") + (str(column - parent) if given else "") + chomp
                end = "  " + self._comment() if self._draw(st.booleans()) else ""
                self.lines.append(f"{start} {header}{end}")
                self.lines += [" " * column + line + self._blanks(0, 1) for line in text.split("\n")]
                if self._draw(st.booleans()):
                    self.lines += [self._blanks(0, column), " " * column + self._blanks(0, 2) + "more # text"]
                self._in_text_from, self.may_end_in_blanks = column, chomp != "+"
            case "plain" if _is_plain(text):
                self._several_lines(f"{start}{self._blanks(1, 3)}", text.split(" "), column)
            case "flow":
                self._several_lines(
                    f"{start}{self._blanks(1, 3)}", ["[", f"{_double(text)},", "{a:", "b}", "]"], column
                )
            case "nothing":
                self._line(start)
            case _:
                self._several_lines(f"{start}{self._blanks(1, 3)}", _double(text).split(" "), column)

    def _several_lines(self, start: str, words: list[str], column: int) -> None:
        line = start
        for number, word in enumerate(words):
            if number and self._draw(st.booleans()):
                self.lines += [line + self._blanks(0, 1), *[""] * self._draw(st.integers(0, 1))]
                line = " " * column + self._blanks(0, 2) + word
            else:
                line += (" " if number else "") + word
        self._line(line)

    def _line(self, line: str) -> None:
        end = self._blanks(0, 2)
        if self._draw(st.integers(0, 3)) == 0:
            end = self._blanks(2, 5) + self._comment() + self._blanks(0, 1)
        self.lines.append(line + end)
        self._in_text_from, self.may_end_in_blanks = 99, True

    def _comment(self) -> str:
        self.comments.append(f"# remark {len(self.comments)}: 'it''s \"fine\"' |")
        return self.comments[-1]

    def _blanks(self, least: int, most: int) -> str:
        return " " * self._draw(st.integers(least, most))


def _is_plain(text: str) -> bool:
    return text in {"reset", "my password", "it's late"}


def _double(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
