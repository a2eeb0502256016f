"""Find entries by a few letters or words, for somebody who knows that there is one. Pure."""

from __future__ import annotations

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from bot.core.knowledge import Knowledge

_NEAR = 60  # of 100
_MOST = 20


def entries_like(query: str, knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """Return ids and titles of served entries, best first; by title if nothing is asked for.

    What counts is the title, the id and the phrasings: letters are forgiven, meaning is not looked at.
    """
    titles = {entry.id: entry.title for entry in knowledge.entries.values() if entry.is_served}
    if not query.strip():
        return tuple(sorted(titles.items(), key=lambda one: (one[1].casefold(), one[0])))[:_MOST]
    known = {
        (id_, text): text for id_, title in titles.items() for text in (title, id_, *knowledge.entries[id_].phrasings)
    }
    found = process.extract(query, known, scorer=fuzz.WRatio, processor=default_process, score_cutoff=_NEAR, limit=200)
    best = {id_: -score for _, score, (id_, _) in reversed(found)}
    in_order = sorted(best, key=lambda each: (best[each], titles[each].casefold(), each))
    return tuple((id_, titles[id_]) for id_ in in_order[:_MOST])
