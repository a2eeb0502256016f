"""Slack's two kinds of marked text as paragraphs: its own mrkdwn, and the Markdown of `markdown` blocks. Pure.

What is no mark stays in the text as it was written: nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.workbench.page import BLANK, Look, Paragraph, Run, ink

_DEEPEST = 100  # quotes and lists inside each other; what lies deeper would be left out
_MARKDOWN = (
    MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST})
    .enable(["strikethrough", "table"])
    .disable("reference")  # a line like `[Fee]: none` is somebody's sentence, and would vanish
)
_LOOKS: dict[str, Look] = {"strong": "bold", "em": "italic", "s": "struck"}
_ADDRESS = re.compile(r"(https?://[^\s<>|]*[\w/=&#$+-])")

_FENCED = re.compile(r"```\n?(.*?)```", re.DOTALL)
_QUOTED = re.compile(r"(?:&gt;|>) ?")
# Finished pieces first: code, then what stands between < and >; then emphasis, whose marks touch no letter outside.
_PIECE = re.compile(
    r"`(?P<code>[^`\n]+)`|<(?P<token>[^<>\n]+)>|(?P<address>https?://[^\s<>|]*[\w/=&#$+-])"
    r"|(?<![^\W_])(?P<mark>[*_~])(?=\S)(?P<inside>(?:(?!(?P=mark))[^\n])+)(?<=\S)(?P=mark)(?![^\W_])"
)
_MRKDWN_LOOKS: dict[str, Look] = {"*": "bold", "_": "italic", "~": "struck"}
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_QUOTE = "▌ "
_BULLETS = "•◦▪"
_RULE = 20


def from_mrkdwn(text: str, *looks: Look) -> tuple[Paragraph, ...]:
    """One paragraph a line; quotes and code behind a margin. `looks` go for all of it."""
    paragraphs: list[Paragraph] = []
    for number, piece in enumerate(_FENCED.split(text)):
        if number % 2:
            paragraphs += _code(_unescaped(piece.removesuffix("\n")))
            continue
        for line in piece.strip("\n").split("\n") if piece.strip("\n") else ():
            margin = _QUOTE if (quoted := _QUOTED.match(line)) else ""
            words = line[quoted.end() :] if quoted else line
            paragraphs.append(Paragraph(tuple(_mrkdwn_runs(words, frozenset(looks))), margin, margin))
    return tuple(paragraphs)


def from_markdown(text: str) -> tuple[Paragraph, ...]:
    """The text's paragraphs, headings, lists, quotes, tables and code, with blank lines between as they are read."""
    laid = _Laid()
    for token in _MARKDOWN.parse(text):
        laid.lay(token)
    return tuple(laid.paragraphs)


def linked(label: str, address: str) -> tuple[Run, ...]:
    """A link: its label, and where it leads unless the label says so already."""
    if not label or label in (address, re.sub(r"^(?:https?://|mailto:|tel:)", "", address)):
        return (ink(label or address, "link"),)
    return (ink(label, "link"), ink(f" ({address})", "faint"))


# --- mrkdwn -----------------------------------------------------------------------------------------------------------


def _mrkdwn_runs(text: str, looks: frozenset[Look]) -> Iterator[Run]:
    done = 0
    for piece in _PIECE.finditer(text):
        yield from _plain(text[done : piece.start()], looks)
        done = piece.end()
        if piece["code"] is not None:
            yield Run(_unescaped(piece["code"]), looks | {"code"})
        elif piece["token"] is not None:
            yield from (Run(run.words, run.looks | looks) for run in _token(piece["token"]))
        elif piece["address"] is not None:
            yield Run(_unescaped(piece["address"]), looks | {"link"})
        else:
            yield from _mrkdwn_runs(piece["inside"], looks | {_MRKDWN_LOOKS[piece["mark"]]})
    yield from _plain(text[done:], looks)


def _plain(text: str, looks: frozenset[Look]) -> Iterator[Run]:
    if text:
        yield Run(_unescaped(text), looks)


def _token(token: str) -> tuple[Run, ...]:
    """What stands between < and >: a link, a mention, a channel or an announcement."""
    target, _, label = token.partition("|")
    words = _unescaped(label)
    if target[:1] in ("@", "#"):
        return (ink(target[0] + (words.lstrip("@#") or target[1:]), "link"),)
    if target.startswith("!"):
        return (ink(words or f"@{target[1:].partition('^')[0]}", "link"),)
    return linked(words, _unescaped(target))


def _unescaped(text: str) -> str:
    return re.sub(r"&(?:lt|gt|amp);", lambda entity: _ENTITIES[entity[0]], text)


def _code(text: str) -> list[Paragraph]:
    return [Paragraph((ink(line),), "    ", "    ") for line in text.split("\n")]


# --- Markdown ---------------------------------------------------------------------------------------------------------


class _Laid:
    """Paragraphs as they come out of a Markdown parser's tokens."""

    def __init__(self) -> None:
        self.paragraphs: list[Paragraph] = []
        self._margins: list[tuple[str, str]] = []  # of each list item and quote we are in: for its first line, the rest
        self._numbers: list[int | None] = []  # of each list we are in: the next item's, None if it has bullets
        self._heading = False
        self._cells: list[Run] | None = None  # of the table's row we are in

    def lay(self, token: Token) -> None:
        if token.nesting > 0:
            self._begin(token)
        elif token.nesting < 0:
            self._end(token)
        else:
            self._words(token)

    def _begin(self, token: Token) -> None:
        match token.type:
            case "paragraph_open" if token.hidden:  # of a list whose items stand close together
                pass
            case "bullet_list_open" | "ordered_list_open":
                ordered = token.type == "ordered_list_open"
                self._numbers.append(int(token.attrs.get("start", 1)) if ordered else None)
                if not self._margins:
                    self._gap()
            case "list_item_open":
                marker = self._marker()
                self._margins.append((marker, " " * len(marker)))
            case "blockquote_open":
                self._gap()
                self._margins.append((_QUOTE, _QUOTE))
            case "heading_open":
                self._gap()
                self._heading = True
            case "paragraph_open" | "table_open":
                self._gap()
            case "tr_open":
                self._cells = []
            case _:
                pass

    def _end(self, token: Token) -> None:
        match token.type:
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
            case "list_item_close" | "blockquote_close":
                first, rest = self._margins[-1]
                if first != rest:
                    self._add(())  # an item without words still has its number
                self._margins.pop()
            case "heading_close":
                self._heading = False
            case "tr_close":
                self._add(self._cells or ())
                self._cells = None
            case _:
                pass

    def _words(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._inline(token)
            case "fence" | "code_block":
                self._gap()
                if token.info:
                    self._add((ink(f"({token.info})", "faint"),), "    ")
                for paragraph in _code(token.content.removesuffix("\n")):
                    self._add(paragraph.runs, paragraph.first)
            case "hr":
                self._gap()
                self._add((ink("─" * _RULE, "faint"),))
            case _:
                self._add((ink(token.content),))

    def _marker(self) -> str:
        """What stands before the next item. As everywhere in Markdown only the first number counts."""
        number = self._numbers[-1]
        if number is None:
            return f" {_BULLETS[(len(self._numbers) - 1) % len(_BULLETS)]} "
        self._numbers[-1] = number + 1
        return f"{number:>2}. "

    def _inline(self, token: Token) -> None:
        runs = tuple(_inline_runs(token.children or (), frozenset({"bold"}) if self._heading else frozenset()))
        if self._cells is None:
            self._add(runs)
        else:
            self._cells += [*([ink(" | ", "faint")] if self._cells else []), *runs]

    def _add(self, runs: Iterable[Run], margin: str = "") -> None:
        first = "".join(first for first, _ in self._margins)
        rest = "".join(rest for _, rest in self._margins)
        self.paragraphs.append(Paragraph(tuple(runs), first + margin, rest + margin))
        self._margins = [(after, after) for _, after in self._margins]

    def _gap(self) -> None:
        """A blank line, unless there is one already or nothing stands above it. It never takes a list's marker."""
        if self.paragraphs and self.paragraphs[-1].runs:
            margin = "".join(rest for first, rest in self._margins if first == rest).rstrip()
            self.paragraphs.append(Paragraph((), margin, margin) if margin else BLANK)


def _inline_runs(tokens: Iterable[Token], looks: frozenset[Look]) -> Iterator[Run]:
    address, label = "", ""
    for token in tokens:
        kind, _, side = token.type.rpartition("_")
        if kind == "link":
            if side == "open":
                address, label = _address(token, "href"), ""
                looks |= {"link"}
            else:
                looks -= {"link"}
                yield from linked(label, address)[1 if label else 0 :]
                address = ""
        elif kind in _LOOKS:
            looks = looks | {_LOOKS[kind]} if side == "open" else looks - {_LOOKS[kind]}
        else:
            for run in _said(token, looks):
                label += run.words
                yield run


def _said(token: Token, looks: frozenset[Look]) -> Iterator[Run]:
    match token.type:
        case "softbreak" | "hardbreak":
            yield Run("\n", looks)
        case "code_inline":
            yield Run(token.content, looks | {"code"})
        case "image":
            yield Run(token.content, looks | {"link"})
            yield ink(f" ({_address(token, 'src')})", "faint")
        case _ if "link" in looks:
            yield Run(token.content, looks)
        case _:
            for number, piece in enumerate(_ADDRESS.split(token.content)):
                if piece:
                    yield Run(piece, looks | {"link"} if number % 2 else looks)


def _address(token: Token, key: str) -> str:
    """Where a link or picture leads, with the hint that may stand behind it."""
    return " ".join(str(token.attrs[each]) for each in (key, "title") if each in token.attrs)
