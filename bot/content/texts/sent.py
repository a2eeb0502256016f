"""Texts that the bot will send: which variables they may hold, and what must never be in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.content import faults as f
from bot.content.faults import Place, quoted
from bot.content.reading.reading import Reading
from bot.content.reading.shapes import Shape, text
from bot.content.reading.source import Node, Scalar
from bot.content.texts.breaks import cut_by_a_break
from bot.content.texts.links import Objection, links_in, objection
from bot.content.texts.rendering import LONGEST_STEP, VARIABLE, Filled, filled, filled_width
from bot.content.texts.secrets import secrets_in
from bot.core.widths import width

_MOST_FINDS = 100
_LONGEST_LOOKED_THROUGH = 100_000  # characters, several times what can be sent
_LONGEST_RULES_TEXT = 3_000  # what one section shows
_LONGEST_HEADER = 150
_LONGEST_BUTTON = 75
_HALF_VARIABLE = re.compile(r"\{\{[^\n]{0,30}|[^\n]{0,30}\}\}")
_SINGLE_BRACES = re.compile(r"(?<!\{)\{[ \t]{0,3}([A-Za-z][\w.-]{0,80})[ \t]{0,3}\}(?!\})")
_CALL = re.compile(r"(?<![\w@./-])@(?:channel|here|everyone)\b(?!\.?[\w-])|<![^>\n]{0,80}>?", re.IGNORECASE)


def sent_text(
    *, longest: int | None = None, one_line: bool = False, may_be_empty: bool = False, with_links: bool = True
) -> Shape[str]:
    """Markdown that customers will read; `{{ site.x }}` is read as `{{site.x}}`.

    `longest` counts what it is once it is filled in. Without `with_links` what it links to is looked at elsewhere.
    """
    plain = text(one_line=one_line, may_be_empty=may_be_empty)

    def read(node: Node, reading: Reading) -> str:
        found = plain.read(node, reading)
        if isinstance(node, Scalar):
            check_variables(found, node, reading)
            check_harmless(found, node, reading)
            _check_breaks(found, node, reading)
            if longest is not None:
                check_length(found, node, reading, longest)
            if with_links:
                check_links(found, node, reading)
        return VARIABLE.sub(lambda variable: "{{" + variable[1].strip() + "}}", found)

    return Shape(read, plain.schema)


def rules_text() -> Shape[str]:
    """A sentence of the rules, with the variables that rules may use."""
    return sent_text(longest=_LONGEST_RULES_TEXT, may_be_empty=True)


def label() -> Shape[str]:
    """Words on a button. Longer ones than Slack shows there are cut where they are shown."""
    plain = text(longest=_LONGEST_HEADER)

    def read(node: Node, reading: Reading) -> str:
        found = plain.read(node, reading)
        if _LONGEST_BUTTON < width(found) <= _LONGEST_HEADER:
            message = f"{width(found)} characters, of which a button shows {_LONGEST_BUTTON}"
            reading.report(f.NOT_SHOWN_WHOLE, node.place, message, "shorten it")
        _check_said_as_it_is(found, node, reading, "write it in the answer")
        return found

    return Shape(read, plain.schema)


def question() -> Shape[str]:
    """What a customer is asked, in words that are sent as they are."""
    plain = text(longest=LONGEST_STEP)

    def read(node: Node, reading: Reading) -> str:
        found = plain.read(node, reading)
        _check_said_as_it_is(found, node, reading, "write it out here, or in what is said before")
        return found

    return Shape(read, plain.schema)


def check_variables(words: str, node: Scalar, reading: Reading) -> None:
    if "{" not in words and "}" not in words:
        return
    for variable, place in _placed(_SINGLE_BRACES.finditer(words), node, reading):
        if variable[1] in reading.variables or (reading.site_unread and variable[1].startswith("site.")):
            hint = f"write `{{{{{variable[1]}}}}}`"
            reading.report(f.SINGLE_BRACES, place, f"{quoted(variable[0])} is sent as it stands", hint)
    for variable, place in _placed(VARIABLE.finditer(words), node, reading):
        name = variable[1].strip()
        if name not in reading.variables and not (reading.site_unread and name.startswith("site.")):
            hint = "write its value out: a variable cannot hold another"
            if reading.variables:
                hint = reading.hint_for(name, reading.variables)
            reading.report(f.UNKNOWN_VARIABLE, place, f"{quoted(variable[0])} cannot be filled here", hint)
    if half := _HALF_VARIABLE.search(VARIABLE.sub("", words)):
        hint = "a variable is written {{case.id}}, on one line"
        place = next(reading.places_of(half[0], node))
        reading.report(f.UNKNOWN_VARIABLE, place, f"{quoted(half[0])} is no variable", hint)


def _check_breaks(words: str, node: Scalar, reading: Reading) -> None:
    for cut in islice(cut_by_a_break(words), _MOST_FINDS):
        message = f"a line break inside {quoted(words[cut.start : cut.stop])}"
        first, *_ = words[cut.start : cut.stop].split("\n")
        place = next(reading.places_of(first, node))
        hint = "write what stands between the marks on one line: Slack keeps the break, and may show the marks"
        reading.report(f.BREAK_IN_MARKS, place, message, hint)


def check_length(words: str, node: Scalar, reading: Reading, longest: int, *, beside: int = 0, what: str = "") -> None:
    """Report a text that is too long once it is filled in. `beside`: the length of `what` stands in the same place."""
    sent = filled_width(words, reading.fillings) + beside
    if sent > longest:
        once_filled = "" if sent == width(words) + beside else " once filled in"
        message = f"{sent:,} characters{what}{once_filled}, {longest:,} at most"
        reading.report(f.TOO_LONG, node.place, message, "shorten it")


def check_links(words: str, node: Scalar, reading: Reading) -> None:
    """Report the links that lead where no customer should be sent, once the text is filled in."""
    if filled_width(words, reading.fillings) > _LONGEST_LOOKED_THROUGH:
        return
    for (message, hint), found in islice(_bad_links(filled(words, reading.fillings), reading), _MOST_FINDS):
        reading.report(f.BAD_LINK, _place_in(words, found, node, reading), message, hint)


def _bad_links(sent: Filled, reading: Reading) -> Iterator[tuple[Objection, range]]:
    for link in links_in(sent.text):
        wrong = objection(link.address, reading.link_hosts, in_text=True)
        if wrong is None or "{{" in link.address or any(secrets_in(link.address)):  # both were told of
            continue
        variable = sent.variable_at(link.at)
        if variable and any(own.address == link.address for own in links_in(reading.fillings[variable])):
            continue  # told of where the variable is written
        yield wrong, sent.written(link.at)


def _check_said_as_it_is(words: str, node: Node, reading: Reading, hint: str) -> None:
    if isinstance(node, Scalar):
        check_harmless(words, node, reading)
        for variable, place in _placed(VARIABLE.finditer(words), node, reading):
            reading.report(f.UNKNOWN_VARIABLE, place, f"{quoted(variable[0])} cannot be filled here", hint)


def check_harmless(words: str, node: Scalar, reading: Reading) -> None:
    """Report what would call everybody in a channel, and what looks like a secret. Secrets are not repeated."""
    if "@" in words or "<!" in words:
        for call, place in _placed(_CALL.finditer(words), node, reading):
            message = f"{quoted(call[0])} would call everybody in the channel"
            reading.report(f.MENTIONS_ALL, place, message, "say whom you mean in other words")
    check_secrets(words, node, reading)


def check_secrets(words: str, node: Scalar, reading: Reading) -> None:
    """Report what looks like a secret, without repeating it."""
    for secret in islice(secrets_in(words), _MOST_FINDS):
        after = f", after {quoted(secret.after)}" if secret.after else ""
        place = _place_in(words, secret.at, node, reading)
        reading.report(
            f.SECRET, place, f"what looks like {secret.what}{after}", "take it out, and replace it where it is used"
        )


def _place_in(words: str, at: range, node: Scalar, reading: Reading) -> Place:
    """Where these characters stand in the file: the second time that they are in the text, the second place."""
    found = words[at.start : at.stop]
    places = reading.places_of(found.partition("\n")[0], node)
    return next(islice(places, words.count(found, 0, at.start), None))


def _placed(finds: Iterator[re.Match[str]], node: Scalar, reading: Reading) -> Iterator[tuple[re.Match[str], Place]]:
    """Each find with its place: the second of the same words with the second place where they stand."""
    places: dict[str, Iterator[Place]] = {}
    for find in islice(finds, _MOST_FINDS):
        if find[0] not in places:
            places[find[0]] = reading.places_of(find[0], node)
        yield find, next(places[find[0]])
