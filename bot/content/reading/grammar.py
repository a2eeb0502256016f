"""Where YAML's grammar breaks: what an editor wrote there, in plain words, and how it is mended. Pure.

YAML's own words speak of scanners and tokens, and its places are often those of the next line. What is looked at here
is the line itself, for the slips that people make; where none is found, YAML's words are all there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import yaml

from bot.content.faults import quoted
from bot.content.reading.bullets import as_item, bullet_of

LEFT_OUT = "left-out"  # the alias that stands for a part which could not be read

_KEY = re.compile(r"(?P<indent> *(?:- +)*)(?P<key>[A-Za-z_][\w-]*)(?P<colon>:?)(?P<gap> *)(?P<rest>.*)")
_COLON = re.compile(r":(?: |$)")
_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)|={7}$")
_HEADER = re.compile(r"(?:^|[:\-] +)[|>][-+0-9]{0,2} *(?:#.*)?$")
TEXT_OF_LINES = "a text of several lines begins with `|` after its key"
_FOR_A_COLON = "=:;,\uff1a\uff1b\u2013\u2014-> "  # what people put in its place
_CURLY = "\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb"


class Break(NamedTuple):
    """Line and column from 0. `local`: the rest of the file can be read without the part that it is in."""

    line: int
    column: int
    what: str
    way_out: str
    local: bool = True


class Gap(NamedTuple):
    """As many lines as there were, of which the one `at` holds the key alone, or nothing if it had none."""

    lines: list[str]
    at: int


class _Scene(NamedTuple):
    """What YAML says, and the lines it speaks of."""

    problem: str
    context: str
    at: tuple[int, int]
    lines: Sequence[str]
    opened: tuple[int, int] | None = None  # where what it was in began

    @property
    def line(self) -> int:
        return self.at[0]

    @property
    def column(self) -> int:
        return self.at[1]

    @property
    def text(self) -> str:
        return self.lines[self.line] if self.line < len(self.lines) else ""

    @property
    def before(self) -> str:
        return self.text[: self.column]

    @property
    def char(self) -> str:
        return self.text[self.column : self.column + 1]

    @property
    def begins_the_line(self) -> bool:
        return not self.before.strip(" ")

    def above(self, number: int) -> int:
        """The next line above that is neither blank nor a comment; -1 if there is none."""
        number -= 1
        while number >= 0 and self.lines[number].lstrip(" ")[:1] in ("", "#"):
            number -= 1
        return number


def break_of(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> Break:
    """What broke, and where an editor would look for it."""
    mark, opened = error.problem_mark or error.context_mark, error.context_mark
    if mark is None:
        return Break(0, 0, error.problem or "", "", local=False)
    scene = _Scene(error.problem or "", error.context or "", (mark.line, mark.column), lines)
    if opened is not None:
        scene = scene._replace(opened=(opened.line, opened.column))
    told = next((teller for words, teller in _TELLERS if words in scene.problem or words in scene.context), _unknown)
    return _merge(scene) or told(scene)


def gap_around(broken: Break, lines: Sequence[str]) -> Gap | None:
    """The lines without the value of the top-level key that it broke in; None if that would not help."""
    begin = min(broken.line, len(lines) - 1)
    while begin > 0 and _goes_on(lines[begin]):
        begin -= 1
    if not broken.local or _goes_on(lines[begin]) or lines[begin].startswith("---"):
        return None
    end = begin + 1
    while end < len(lines) and _goes_on(lines[end]):
        end += 1
    key = _KEY.match(lines[begin])
    left = f"{key['key']}: *{LEFT_OUT}" if key and key["colon"] and (key["gap"] or not key["rest"]) else ""
    return Gap([*lines[:begin], left, *[""] * (end - begin - 1), *lines[end:]], begin)


def _goes_on(line: str) -> bool:
    """Whether the line belongs to the key above it."""
    return line[:1] in ("", " ", "#", "]", "}") or line.startswith("- ") or (line[:1] == "-" and line[:3] != "---")


def _merge(scene: _Scene) -> Break | None:
    for number, line in enumerate(scene.lines):
        if _CONFLICT.match(line):
            way_out = "keep one of the two versions, and take out the lines with `<<<<<<<`, `=======` and `>>>>>>>`"
            return Break(number, 0, "the mark of a merge that was left open", way_out, local=False)
    return None


def _second_colon(scene: _Scene) -> Break:
    """A colon where no key can be: a text with one in it, or a key that stands in the text above it."""
    key = _KEY.match(scene.text)
    colon = _COLON.search(scene.text)
    if colon and colon.start() < scene.column:
        return Break(*scene.at, "a second `: `", f"a text with `: ` in it needs quotes{_in_quotes(key)}")
    above = scene.above(scene.line)
    if above >= 0 and _indent(scene.lines[above]) == _indent(scene.text) and not _COLON.search(scene.lines[above]):
        return _no_colon(above, scene)
    if scene.text.lstrip(" ").startswith("- "):
        way_out = f"begin the list in the line below its key; {TEXT_OF_LINES}"
        return Break(scene.line, _indent(scene.text), "a list in the text of the line above", way_out)
    way_out = "line it up with the keys above; a text with `: ` in it needs quotes"
    return Break(*scene.at, "a key further in than the one above it", way_out)


def _line_without_colon(scene: _Scene) -> Break:
    return _no_colon(scene.opened[0] if scene.opened else scene.line, scene)


def _no_colon(number: int, scene: _Scene) -> Break:
    line = scene.lines[number] if number < len(scene.lines) else ""
    column, words = _indent(line), line.strip()
    above = scene.above(number)
    before = scene.lines[above] if above >= 0 else ""
    if words.startswith("-"):
        return Break(number, column, "a `-` without a blank after it", f"write {quoted('- ' + words[1:])}")
    if _HEADER.search(before) and column <= _indent(before):
        way_out = "begin each line of the text two blanks further in"
        return Break(number, column, "a text that stands no further in than its key", way_out, local=False)
    if before.lstrip(" ").startswith("- ") and _indent(before) == column:
        return Break(number, column, "a line without `- ` in a list", f"write {quoted(as_item(words))}")
    key = _KEY.match(line)
    if key is None or key["key"] != key["key"].lower():
        return Break(number, column, "a line without `: `", f"a key ends with `: `; {TEXT_OF_LINES}")
    value = key["rest"].lstrip(_FOR_A_COLON)
    way_out = "write " + quoted(f"{key['key']}: {value}".strip())
    return Break(number, column, "a line without `: `", f"{way_out}; {TEXT_OF_LINES}" if column else way_out)


def _out_of_line(scene: _Scene) -> Break:
    """Something where the next key or item should begin."""
    if not scene.begins_the_line:
        return _left_over(scene)
    words = scene.text.strip()
    if words.startswith("-") and not words.startswith("- ") and words != "-":
        return _no_colon(scene.line, scene)
    if words.startswith("- ") and not _is_in_a_list(scene):
        return Break(*scene.at, "an item without a list", "put it in line with its list, or below the key of the list")
    if words.startswith("- "):
        return Break(*scene.at, "an item out of line", "line it up with the items above it")
    if "-" in scene.problem or "collection" in scene.context:
        key = _KEY.match(words)
        if key and key["colon"]:
            return Break(
                *scene.at, "a key in the middle of a list", "line it up with the keys above, or begin it with `- `"
            )
        return Break(*scene.at, "a line without `- ` in a list", f"write {quoted(as_item(words))}")
    if _COLON.search(words):
        return Break(*scene.at, "a key out of line", "line it up with the other keys")
    return Break(*scene.at, "a line out of line", "line it up with the lines above")


def _is_in_a_list(scene: _Scene) -> bool:
    """Whether an item stands above the line, with no key at the left edge in between."""
    above = scene.above(scene.line)
    while above >= 0 and scene.lines[above].startswith(" "):
        if scene.lines[above].lstrip(" ").startswith("- "):
            return True
        above = scene.above(above)
    return above >= 0 and scene.lines[above].startswith("- ")


def _left_over(scene: _Scene) -> Break:
    """Something behind a value that was complete."""
    last = scene.before.rstrip()[-1:]
    key = _KEY.match(scene.text)
    if last in ("'", '"') and scene.before.count(last) % 2:
        opening = re.compile(rf"(?:^|[\s\[{{,]){last}")
        for number in range(scene.line - 1, -1, -1):
            found = opening.search(scene.lines[number])
            if found and scene.lines[number].count(last) % 2:
                return _quote_open(scene._replace(opened=(number, found.end() - 1)))
    if last in ("'", '"'):
        return Break(*scene.at, "text behind a closing quote", f"put the whole text in quotes{_in_quotes(key)}")
    if last in ("]", "}") and scene.char in ("]", "}"):
        return Break(*scene.at, "a bracket too many", "take it out, or put the whole text in quotes")
    if last in ("]", "}"):
        way_out = f"a text that begins with a bracket needs quotes{_in_quotes(key)}"
        return Break(*scene.at, "text behind a closing bracket", way_out)
    return Break(*scene.at, "a line that cannot be read", f"put the whole text in quotes{_in_quotes(key)}")


def _quote_open(scene: _Scene) -> Break:
    return Break(
        *(scene.opened or scene.at),
        "an open quote",
        "the quote that opens here is never closed: close it, or leave it out",
    )


def _escape(scene: _Scene) -> Break:
    way_out = "in double quotes a backslash is written `\\\\`; single quotes take it as it is"
    return Break(*scene.at, "a backslash in double quotes", way_out)


def _brackets(scene: _Scene) -> Break:
    """Something between brackets that cannot be there, or brackets that are never closed."""
    opened = scene.opened or scene.at
    if scene.char == "," and "node" in scene.context:
        return Break(*scene.at, "nothing between two commas", "take one of them out")
    if opened[0] == scene.line and scene.char == ":":
        return Break(*scene.at, "a second `: `", "a text with `: ` in it needs quotes")
    if opened[0] == scene.line and scene.before.rstrip()[-1:] in ("'", '"') and scene.char not in ("", "]", "}"):
        return Break(*scene.at, "text behind a closing quote", "put the whole text in quotes")
    if scene.begins_the_line and not scene.char and "node" in scene.context:  # at the end of the file
        last = scene.above(len(scene.lines))
        opened = last, max(0, *(scene.lines[last].find(bracket) for bracket in "[{"))
    way_out = "close the bracket; a text with `,` `: ` `[` or `{` in it needs quotes"
    if "#" in scene.lines[opened[0]][opened[1] :]:
        way_out = "close the bracket, and put a text with `#` in quotes: otherwise the rest of the line is left out"
    is_here = opened[0] == scene.line and scene.char not in ("", "]", "}")
    return Break(*(scene.at if is_here else opened), "a bracket that is never closed", way_out)


def _block_text(scene: _Scene) -> Break:
    mark = scene.opened or scene.at
    sign = scene.lines[mark[0]][mark[1] : mark[1] + 1]
    way_out = f"after `{sign}` begin the text on a new line; a text that begins with `{sign}` needs quotes"
    return Break(*scene.at, f"text in the line of `{sign}`", way_out)


def _sign(scene: _Scene) -> Break:
    """A text that begins with a sign that YAML keeps for itself."""
    at = scene.opened if scene.opened and "next token" not in scene.context else scene.at
    text = scene.lines[at[0]] if at[0] < len(scene.lines) else ""
    sign = text[at[1] : at[1] + 1]
    bullet = bullet_of(text[at[1] :]) if sign == "*" else None
    if bullet is not None:
        way_out = f"a list has `- ` before each item: write {quoted(bullet.as_item)}; a text in stars needs quotes"
        return Break(*at, "a `*` with a blank after it", way_out)
    if sign == "`":
        return Break(*at, "a text that begins with a backtick", "a text that begins with a backtick needs quotes")
    what = f"a text that begins with {quoted(sign)}"
    return Break(*at, what, f"{what} needs quotes{_in_quotes(_KEY.match(text))}")


def _list_in_line(scene: _Scene) -> Break:
    way_out = "begin a list on a line of its own; a text that begins with `- ` needs quotes"
    return Break(*scene.at, "a list in the line of its key", way_out)


def _second_part(scene: _Scene) -> Break:
    first = scene.above(scene.line)
    if first >= 0 and scene.lines[first].startswith("..."):
        return Break(first, 0, "an end before the end", "take out the line `...`", local=False)
    first = next((n for n, line in enumerate(scene.lines) if line.strip() and not line.lstrip().startswith("#")), 0)
    if _indent(scene.lines[first]):
        way_out = "begin it at the left edge, as the keys below"
        return Break(first, _indent(scene.lines[first]), "a key further in than those below it", way_out, local=False)
    return _unknown(scene)


def _directive(scene: _Scene) -> Break:
    return Break(*scene.at, "a line that begins with `%`", "take it out, or put the text in quotes", local=False)


def _unknown(scene: _Scene) -> Break:
    return Break(*scene.at, scene.problem, "put the text in quotes, or line it up with the lines above", local=False)


# Words of libyaml or of PyYAML in what was found or in what it was found; the first that are there decide.
_TELLERS: Sequence[tuple[str, Callable[[_Scene], Break]]] = (
    ("escape", _escape),
    ("hexdecimal", _escape),
    ("hexadecimal", _escape),
    ("quoted scalar", _quote_open),
    ("-quoted", _quote_open),
    ("mapping values are not allowed", _second_colon),
    ("find expected ':'", _line_without_colon),
    ("entries are not allowed", _list_in_line),
    ("cannot start any token", _sign),
    ("an alias", _sign),
    ("an anchor", _sign),
    ("a tag", _sign),
    ("directive", _directive),
    ("%YAML", _directive),
    ("incompatible", _directive),
    ("mapping keys are not allowed", _sign),
    ("block scalar", _block_text),
    ("flow", _brackets),
    ("block node", _sign),
    ("document start", _second_part),
    ("block mapping", _out_of_line),
    ("block collection", _out_of_line),
)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _in_quotes(key: re.Match[str] | None) -> str:
    """The line as it would be right, to be shown behind a hint; "" if it is not `key: value` or `- value`."""
    if key is None:
        return ""
    # `- Error: code: 5` is an item with colons, `- label: Yes: really` an item with a key.
    named = key["colon"] and key["gap"] and (key["key"].islower() or not key["indent"].strip())
    value = (key["rest"] if named else f"{key['key']}{key['colon']}{key['gap']}{key['rest']}").strip()
    if not named and not key["indent"].strip():
        return ""
    if value[:1] in _CURLY:
        return "; curly quotes do not count: use straight ones"
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    quote = "'" if '"' in value or "\\" in value else '"'
    inside = value.replace("'", "''") if quote == "'" else value
    name = f"{key['key']}: " if named else "- "
    return f": {quoted(name + quote + inside + quote)}"
