"""Keywords that keep an entry from what it is written for: its own phrasings, or each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from bot.content import faults as f
from bot.content.entries.shape import EntryFile
from bot.content.faults import quoted
from bot.content.reading.source import Scalar
from bot.content.reading.written import items_of, node_at, place_at
from bot.core.matching.vetoes.guards import Phrases

_SIDES = ("any", "all", "none")
_FEW = 3  # keywords that are repeated

Words = tuple[str, ...]
Read = Callable[[str], Words]  # a text as the matcher compares it


class _Keyword(NamedTuple):
    written: Scalar
    words: Words

    @property
    def shown(self) -> str:
        return quoted(self.written.text)


class _Refusal(NamedTuple):
    """Why a message is not answered: `what` of a phrasing, `shared` of all phrasings at once."""

    what: str
    shared: str
    way_out: str


def check_guards(files: Mapping[str, EntryFile], read: Read) -> None:
    """Report, to each file's own reading, the keywords that refuse what they stand beside."""
    for file in files.values():
        # What has errors is not served, and may be refused for what is left out of it.
        has_errors = any(fault.level == "error" for fault in file.reading.faults)
        if file.state != "archived" and "keywords" in file.found and not has_errors:
            _check(file, read)


def _check(file: EntryFile, read: Read) -> None:
    sides = {side: list(_keywords(file, side, read)) for side in _SIDES}
    told = _check_each_other(file, sides)
    phrasings = [(scalar, read(scalar.text)) for scalar in file.scalars("phrasings")]
    refused = [(scalar, why) for scalar, words in phrasings if (why := _refusal(scalar.text, words, sides))]
    if phrasings and len(refused) == len(phrasings):
        if not told:
            reasons = [*dict.fromkeys(why.shared for _, why in refused)][:_FEW]
            message = f"this is never the answer, as no phrasing gets past its keywords: {'; '.join(reasons)}"
            place = place_at(file.table, "keywords")
            file.reading.report(
                f.REFUSES_ITSELF, place, message, "take words out, or write phrasings that they let pass"
            )
        return
    for scalar, why in refused:
        message = f"{quoted(scalar.text)} never gets this answer: {why.what}"
        file.reading.report(f.REFUSES_ITSELF, scalar.place, message, why.way_out)


def _keywords(file: EntryFile, side: str, read: Read) -> Iterator[_Keyword]:
    written = node_at(file.table, "keywords", side)
    for item in items_of(written) or (written,):
        if isinstance(item, Scalar):
            yield _Keyword(item, read(item.text))


def _check_each_other(file: EntryFile, sides: Mapping[str, list[_Keyword]]) -> bool:
    """Whether one that is asked for holds one that is refused; then that is reported."""
    vetoes = {keyword.words: keyword for keyword in sides["none"] if keyword.words}
    told = False
    for side in ("any", "all"):
        for keyword in sides[side]:
            for words in Phrases(vetoes).within(keyword.words):
                told = True
                message = f"{keyword.shown} under `{side}` is refused by {vetoes[words].shown} under `none`"
                file.reading.report(f.REFUSES_ITSELF, keyword.written.place, message, "keep it in one of the two")
    return told


def _refusal(text: str, words: Words, sides: Mapping[str, list[_Keyword]]) -> _Refusal | None:
    """Why a message of these words is refused, in the order in which the matcher asks."""
    said = Phrases(keyword.words for side in _SIDES for keyword in sides[side] if keyword.words).within(words)
    for veto in sides["none"]:
        if veto.words in said:
            is_plain = veto.written.text.casefold() in text.casefold()
            read_as = "" if is_plain else f", as the bot reads it: {quoted(' '.join(words))}"
            what = f"it has {veto.shown}, which stands under `none`{read_as}"
            return _Refusal(
                what, f"{veto.shown} under `none`", f"take {veto.shown} out of `none`, or change the phrasing"
            )
    for asked in sides["all"]:
        if asked.words and asked.words not in said:
            what, way_out = f"it lacks {asked.shown}, which stands under `all`", f"take {asked.shown} out of `all`"
            return _Refusal(what, f"{asked.shown} under `all`", f"{way_out}, or change the phrasing")
    wanted = [keyword for keyword in sides["any"] if keyword.words]
    if not wanted or any(keyword.words in said for keyword in wanted):
        return None
    few = ", ".join(keyword.shown for keyword in wanted[:_FEW]) + (", …" if wanted[_FEW:] else "")
    way_out = "add a word of it to `any`, or change the phrasing"
    return _Refusal(f"it has none of the words under `any` ({few})", f"{few} under `any`", way_out)
