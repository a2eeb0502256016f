"""What two texts must agree on if both say it: which product or code, whose it is, which way it goes, and when."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot.core.entries import Entry
from bot.core.matching.reading.english import STOP_WORDS, stem
from bot.core.matching.reading.normalising import clean
from bot.core.matching.vetoes.barring import Bar, Row, Tally, joined
from bot.core.matching.vetoes.numbering import Name, names

_LONGEST: Final = 2_000  # characters; what is pasted after a question is full of numbers
_PRODUCT: Final = "product"
_WHOSE: Final = "whose"
_HOW_MANY: Final = "how many"
_SENT: Final = "sent"
_MAY_HELP: Final = frozenset({_WHOSE, _HOW_MANY})  # what is good for mine may be good for a colleague's

_LINK: Final = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_WORD: Final = re.compile(r"[^\W_]+")
_PERSON: Final = (
    r"(?:colleague|coworker|co-worker|team ?mate|boss|manager|supervisor|assistant|intern|predecessor|wife|husband"
    r"|friend|son|daughter|mother|father|neighbou?r|customer|client|employee|somebody(?: else)?|someone(?: else)?)"
)
_THING: Final = (
    r"(?:password|passphrase|pin|account|login|mailbox|inbox|e?-?mails?|payslips?|salary|calendar|voicemail)"
)
_A_THING: Final = re.compile(rf"{_THING}\b")
_THEIRS: Final = re.compile(
    rf"\b{_PERSON}(?:'s|s'|s)?(?: \w+)?(?: \w+)? {_THING}\b|\b(?:his|her|their)(?: \w+)? {_THING}\b"
    rf"|\b{_THING} (?:of|for|from|belonging to)(?: \w+)? {_PERSON}\b"
)
_MINE: Final = re.compile(rf"\b(?:my|our)(?: own)?(?: (?!{_PERSON})\w+)?(?: (?!{_PERSON})\w+)? (?!{_PERSON}){_THING}\b")
_ONE: Final = re.compile(
    r"\b(?:a|one|only one|just one) single\b|\bsingle\b|\b(?:delete|invite|add|send|for|only|just) one\b"
)
_ALL: Final = re.compile(
    r"\ball (?:of )?(?:my|our|the(?! time| day))\b|\ball \w{3,}s\b|\b(?:whole|entire)\b|\bmany\b.*\bat once\b"
)
_TOO_MUCH: Final = re.compile(
    r"\b(?:stop|not|don't|dont|never) (?:sending|send|e?-?mailing|calling|texting)\b"
    r"|\bunsubscribe\b|\bno more\b|\bget rid of\b"
)
_MISSING: Final = re.compile(
    r"\b(?:not|didn't|didnt|don't|dont|doesn't|never|haven't|hasn't|no longer) "
    r"(?:get|got|gotten|receive|received|arrive|arrived|come)\b|\bmissing\b"
)
_BEFORE_OR_AFTER: Final = re.compile(r"\b(before|after) (?:(?:the|a|an|my|our|i|we|it|is|you) )*([^\W_]+)")
_WAS_WELL: Final = re.compile(r"\b(?:worked|working|was fine|was ok)\b")  # "worked before it": broken after it
_REACH: Final = 3  # words

_Ways = frozenset[tuple[str, str]]


class Particulars:
    """Finds the rows that name another one than the message. Of what only one of the two says nothing follows."""

    def __init__(self, entries: Sequence[Entry], rows: Sequence[Row], products: Iterable[str]) -> None:
        listed = sorted(filter(None, (clean(name).strip() for name in products)), key=len, reverse=True)
        self._products = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, listed))})(?!\w)") if listed else None
        self._tally = Tally(rows)
        self._by_kind: defaultdict[str, dict[int, list[Name]]] = defaultdict(dict)
        self._by_way: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for at, row in enumerate(rows):
            text = _cleaned(row.text)
            for kind, found in self._named(text).items():
                self._by_kind[kind][at] = found
            for way in _ways(text):
                self._by_way[way].add(at)
        self._patterns: defaultdict[str, dict[int, list[Name]]] = defaultdict(dict)
        for at, entry in enumerate(entries):
            for code in entry.patterns:
                for name in names(clean(code)) if "*" not in code else ():
                    self._patterns[name.kind].setdefault(at, []).append(name)

    def bar(self, text: str) -> Bar:
        """Return what names another one of what the text names."""
        text = _cleaned(text)
        said = self._named(text)
        bars = [self._other_than(kind, found) for kind, found in said.items()]
        return joined((*bars, self._other_way(_ways(text)), self._other_code(said)))

    def _named(self, text: str) -> Mapping[str, list[Name]]:
        found: defaultdict[str, list[Name]] = defaultdict(list)
        for name in (
            *self._of_products(text),
            *names(text),
            *_whose(text),
            *_how_many(text),
            *_sent(text),
            *_when(text),
        ):
            if name not in found[name.kind]:
                found[name.kind].append(name)
        return found

    def _of_products(self, text: str) -> Iterator[Name]:
        if self._products is not None:
            yield from (Name(_PRODUCT, found[0], found[0]) for found in self._products.finditer(text))

    def _other_than(self, kind: str, said: list[Name]) -> Bar:
        rows = self._by_kind.get(kind, {})
        opposed = {at: other for at, found in rows.items() if (other := _other(found, said))}
        mostly = self._tally.mostly(opposed, rows.keys() - opposed.keys())
        written = {entry: name.written for at, name in opposed.items() for entry in self._tally.entries((at,))}
        why = {entry: _about(written[entry], said[0].written) for entry in mostly}
        return Bar(frozenset(opposed), doubted=why) if kind in _MAY_HELP else Bar(frozenset(opposed), why)

    def _other_way(self, said: _Ways) -> Bar:
        same = {at for way in said for at in self._by_way.get(way, ())}
        opposed = {at: (to, start) for start, to in said for at in self._by_way.get((to, start), set()) - same}
        why = dict.fromkeys(self._tally.mostly(opposed, same), "it goes the other way round")
        return Bar(doubted=why)

    def _other_code(self, said: Mapping[str, list[Name]]) -> Bar:
        """An entry with codes may still be what is meant where the message has others, but not for sure."""
        doubted: dict[int, str] = {}
        for kind, found in said.items():
            for entry, own in self._patterns.get(kind, {}).items():
                if not any(_is_same(one, other) for one in own for other in found):
                    doubted.setdefault(entry, _about(own[0].written, found[0].written))
        return Bar(doubted=doubted)


def _about(entry: str, message: str) -> str:
    return f"it is about “{entry}”, the message about “{message}”"


def _cleaned(text: str) -> str:
    return _LINK.sub(" ", clean(text[:_LONGEST]))


def _other(found: list[Name], said: list[Name]) -> Name | None:
    """Return what a row names that the message does not, if the message names one that the row does not."""
    lacking = [name for name in found if not any(_is_same(name, other) for other in said)]
    more = [name for name in said if not any(_is_same(name, other) for other in found)]
    if found[0].kind == _PRODUCT and len(lacking) < len(found):
        return None  # a product is often named beside the company, or another product that it works with
    return lacking[0] if lacking and more else None


def _is_same(one: Name, other: Name) -> bool:
    """Whether they are one, or one is a version of the other: 2 and 2.1."""
    short, long = sorted((one.which, other.which), key=len)
    return short == long or long.startswith(f"{short}.")


def _whose(text: str) -> Iterator[Name]:
    if not _A_THING.search(text):
        return
    if found := _THEIRS.search(text):
        yield Name(_WHOSE, "theirs", found[0])
    if found := _MINE.search(text):
        yield Name(_WHOSE, "mine", found[0])


def _how_many(text: str) -> Iterator[Name]:
    if found := _ONE.search(text):
        yield Name(_HOW_MANY, "one", found[0])
    if found := _ALL.search(text):
        yield Name(_HOW_MANY, "all", found[0])


def _sent(text: str) -> Iterator[Name]:
    """What somebody wants to end, and what does not reach them, are often the same thing."""
    if found := _TOO_MUCH.search(text):
        yield Name(_SENT, "too much", found[0])
    if found := _MISSING.search(text):
        yield Name(_SENT, "missing", found[0])


def _when(text: str) -> Iterator[Name]:
    told = list(_BEFORE_OR_AFTER.finditer(text))
    if told and not _WAS_WELL.search(text):
        yield from (Name(f"when {stem(found[2])}", found[1], f"{found[1]} {found[2]}") for found in told)


def _ways(text: str) -> _Ways:
    """Return from what to what something goes: what follows "from", or is right before "to", with what follows "to"."""
    words = _WORD.findall(text)
    if "to" not in words and "into" not in words:
        return frozenset()
    after = {way: _telling_after(words, way) for way in ("from", "to", "into")}
    targets = after["to"] | after["into"]
    if not targets:
        return frozenset()
    starts = after["from"] or {
        stem(word)
        for at, here in enumerate(words)
        if here in ("to", "into")
        for word in words[max(0, at - 1) : at]
        if word not in STOP_WORDS
    }
    return frozenset((start, to) for start in starts for to in targets if start != to)


def _telling_after(words: Sequence[str], way: str) -> set[str]:
    found: set[str] = set()
    for at, here in enumerate(words):
        if here != way:
            continue
        for word in words[at + 1 : at + 1 + _REACH]:
            if word in ("from", "to", "into"):
                break
            if word not in STOP_WORDS:
                found.add(stem(word))
    return found
