"""The word lists that tell small talk from questions: the built-in ones, with those of `kb/_words.yaml` added."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from bot.content import faults as f
from bot.content.faults import Loaded, in_order, quoted
from bot.content.folder import WORDS, look_through, shown, tree_of, version_of
from bot.content.reading.reading import Reading, Unreadable
from bot.content.reading.shapes import Found, Shape, checked, keys, list_of, text, texts
from bot.content.reading.source import Node
from bot.core.entries import Words
from bot.core.matching.reading.english import STOP_WORDS, is_common
from bot.errors import ContentError

_LISTS = {
    "greetings": "Ways to say hello: a message of nothing else is greeted, and before a question they are passed by.",
    "thanks": "Ways to say thank you: a message of nothing else gets a reaction.",
    "confirmations": "Ways to say that it works now, so that the case can be closed.",
    "rejections": "Ways to say that the answer was not it, or did not help.",
    "fillers": "Words around a question that say nothing about it, such as `quick question`.",
    "help": "Ways to ask what the bot can do.",
}


def _check_common(found: str, node: Node, reading: Reading) -> None:
    if all(word in STOP_WORDS for word in found.lower().split()):
        hint = "leave it out of the group: it carries no meaning of its own"
        reading.report(f.COMMON_WORD, node.place, f"{quoted(found)} is in nearly every message", hint)


def _check_human_word(found: str, node: Node, reading: Reading) -> None:
    if is_common(found):
        hint = "leave it out: whoever writes nothing but this would be handed off"
        reading.report(f.COMMON_WORD, node.place, f"{quoted(found)} is no wish for a person", hint)


def _check_human_phrase(found: str, node: Node, reading: Reading) -> None:
    if is_common(found):
        hint = "write more of it, such as `talk to a person`: every message with it is handed off"
        reading.report(f.COMMON_WORD, node.place, f"{quoted(found)} is in messages about anything", hint)
    elif len(found.split()) == 1:
        hint = "put it under `words`, where it counts only as the whole message"
        reading.report(f.COMMON_WORD, node.place, f"every message with {quoted(found)} in it is handed off", hint)


SHAPE: Shape[Found] = keys(
    dict,
    {
        "synonyms": list_of(list_of(checked(text(), _check_common), least=2)).described(
            "Groups of words for the same thing; the first of each stands for the others."
        ),
        "opposites": list_of(list_of(text(), least=2, most=2)).described(
            "Pairs of contraries, such as install and uninstall: who says the one is never answered about the other."
        ),
        **{name: texts(text()).described(meaning) for name, meaning in _LISTS.items()},
        "human": keys(
            dict,
            {
                "words": texts(checked(text(), _check_human_word)).described(
                    "Words that ask for a person when they are the whole message, polite words aside."
                ),
                "phrases": texts(checked(text(), _check_human_phrase)).described(
                    "Phrases that ask for a person wherever they stand in a message, unless negated or quoted."
                ),
            },
        ).described("Ways to ask for a person."),
        "products": texts(text()).described("Names that are never taken for misspelt words."),
    },
)


def load_words(folder: Path) -> Loaded[Words]:
    """The built-in words with those of the folder's `_words.yaml` added, if it has one."""
    reading = Reading("KB", [], date.min)
    files = look_through(folder, reading.report)
    reading.faults = [fault for fault in reading.faults if fault.place.file == shown(folder / WORDS)]
    content, words = words_of(files.words, reading)
    faults = in_order(reading.faults)
    failed = any(fault.level == "error" for fault in faults)
    return Loaded(None if failed else words, faults, version_of({WORDS: content}))


def words_of(path: Path | None, reading: Reading) -> tuple[bytes, Words]:
    """The file's content, and the built-in words with its own; what cannot be read is reported and left out."""
    if path is None:
        return b"", built_in_words()
    content, node = tree_of(path, reading)
    try:
        return content, built_in_words() if node is None else added(built_in_words(), _words(SHAPE.read(node, reading)))
    except Unreadable:
        return content, built_in_words()


@lru_cache(maxsize=1)
def built_in_words() -> Words:
    with resources.as_file(resources.files("bot.content.entries").joinpath("words.yaml")) as path:
        reading = Reading("KB", [], date.min)
        _, node = tree_of(path, reading)
    if node is None or reading.faults:
        raise ContentError(str(reading.faults[0]))  # our own file: a broken installation
    return _words(SHAPE.read(node, reading))


def added(words: Words, more: Words) -> Words:
    """Both together, each word once, the first ones first."""
    return Words(**{name: tuple(dict.fromkeys(getattr(words, name) + getattr(more, name))) for name in Words.__slots__})


def _words(found: Found) -> Words:
    human = found.get("human", {})
    given: dict[str, Any] = {name: _typed(found.get(name, ())) for name in _LISTS}
    return Words(
        **given,
        synonyms=tuple(_typed(group) for group in found.get("synonyms", ())),
        opposites=tuple((_typed(pair)[0], _typed(pair)[1]) for pair in found.get("opposites", ())),
        human_words=_typed(human.get("words", ())),
        human_phrases=_typed(human.get("phrases", ())),
        products=_typed(found.get("products", ())),
    )


def _typed(words: tuple[str, ...]) -> tuple[str, ...]:
    """In lower case, with the apostrophe of a keyboard."""
    return tuple(dict.fromkeys(word.lower().replace("’", "'") for word in words))  # noqa: RUF001
