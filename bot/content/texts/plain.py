"""Markdown as plain words, for notifications and lists."""

from __future__ import annotations

import re

_ELLIPSIS = "…"
_BLOCK_MARK = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+|[0-9]{1,3}[.)]\s+)")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$|^\s*(?:```|~~~).*$")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,2000}\)")
_BARE_LINK = re.compile(r"<(https?://[^<>\s|]{1,2000})(?:\|([^<>]{0,300}))?>")
_CODE = re.compile(r"`+([^`\n]+)`+")
_EMPHASIS = re.compile(r"(?<![\w*_~])(\*{1,3}|_{1,3}|~{1,2})(?=\S)([^*_~\n]+?)(?<=\S)\1(?![\w*_~])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!~>-])")
_SENTENCE_END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)(?<!\bNo)(?<!\bca)[.!?][)\"'\u201d\u2019]*(?=\s+[^\sa-z]|\s*$)"
)


def plain(markdown: str) -> str:
    """The words on one line, without marks for links, code, emphasis, lists and headings. `{{…}}` stays."""
    return " ".join(filter(None, (_plain_line(line) for line in markdown.splitlines())))


def first_sentence(markdown: str, *, longest: int) -> str:
    """The first sentence of the first paragraph or item as plain words, cut at a word with … if it is too long."""
    lines = markdown.strip().splitlines()
    paragraph: list[str] = []
    for line in lines:
        words = _plain_line(line)
        # A heading alone says nothing; a list item is a sentence of its own.
        ends_before = not words or _BLOCK_MARK.match(line)
        if paragraph and ends_before:
            break
        if words and not line.lstrip().startswith("#"):
            paragraph.append(words)
    joined = " ".join(paragraph) or plain(markdown)
    end = _SENTENCE_END.search(joined)
    return cut(joined[: end.end()] if end else joined.rstrip(":"), longest)


def cut(words: str, longest: int) -> str:
    """At most `longest` characters, ending at a whole word and … if something is left out."""
    if len(words) <= longest:
        return words
    kept = words[: longest - len(_ELLIPSIS) + 1]
    head, blank, _ = kept.rpartition(" ")
    return (head if blank else kept[:-1]).rstrip(" ,;:-") + _ELLIPSIS


def _plain_line(line: str) -> str:
    if _RULE.match(line):
        return ""
    words = _BLOCK_MARK.sub("", line)
    words = _LINK.sub(r"\1", words)
    words = _BARE_LINK.sub(lambda link: link[2] or link[1], words)
    words = _CODE.sub(r"\1", words)
    for _ in range(3):  # **_nested_** marks, three deep at most
        words = _EMPHASIS.sub(r"\2", words)
    return " ".join(_ESCAPED.sub(r"\1", words).split())
