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
from bot.content.texts.links import Objection, links_in, objection
from bot.content.texts.rendering import LONGEST_STEP, VARIABLE, Filled, filled, filled_width
from bot.core.widths import width

_MOST_FINDS = 100
_LONGEST_LOOKED_THROUGH = 100_000  # characters, several times what can be sent
_LONGEST_RULES_TEXT = 3_000  # what one section shows
_LONGEST_HEADER = 150
_LONGEST_BUTTON = 75
_HALF_VARIABLE = re.compile(r"\{\{[^\n]{0,30}|[^\n]{0,30}\}\}")
_CALL = re.compile(r"(?<![\w@./-])@(?:channel|here|everyone)\b(?!\.?[\w-])|<![^>\n]{0,80}>?", re.IGNORECASE)
# What it is, what to look for first, as nearly all texts hold none of it, and the thing itself.
_SECRETS = (
    ("a private key", ("private key",), re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----")),
    ("a Slack token", ("xox", "xapp"), re.compile(r"\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{10,}")),
    ("an AWS key", ("akia", "asia"), re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    (
        "a GitHub token",
        ("gh", "github_pat_"),
        re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})"),
    ),
    ("a GitLab token", ("glpat-",), re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    ("a Google key", ("aiza",), re.compile(r"\bAIza[A-Za-z0-9_-]{35}")),
    ("a Stripe key", ("k_live_",), re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}")),
    ("a signed token", ("eyj",), re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}")),
    (
        "a password in a link",
        ("://",),
        re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@{}<>]{1,60}:[^\s/@{}<>]{1,60}@"),
    ),
    # Mixed letters and digits after the colon: "Password: at least 14 characters" is advice, not a password.
    (
        "a password",
        ("passw", "passc", "pwd", "secret", "key", "token"),
        re.compile(
            r"\b(?i:password|passwd|passcode|pwd|secret|api[ _-]?key|access[ _-]?key|token)"
            r"[*_`]{0,3}\s?[:=]\s?[*_`\"']{0,3}"
            r"(?!https?:)(?=[^\s`*]{0,60}[a-z])(?=[^\s`*]{0,60}[A-Z])(?=[^\s`*]{0,60}[0-9])[^\s`*<{]{8,60}"
        ),
    ),
)


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
    if "{{" not in words and "}}" not in words:
        return
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
        # The place is looked for by its words: the second time they stand in the text is the second in the file.
        link = words[found.start : found.stop]
        places = reading.places_of(link, node)
        place = next(islice(places, words.count(link, 0, found.start), None))
        reading.report(f.BAD_LINK, place, message, hint)


def _bad_links(sent: Filled, reading: Reading) -> Iterator[tuple[Objection, range]]:
    for link in links_in(sent.text):
        wrong = objection(link.address, reading.link_hosts, in_text=True)
        if wrong is None or "{{" in link.address or _holds_a_secret(link.address):  # both were told of
            continue
        variable = sent.variable_at(link.at)
        if variable and any(own.address == link.address for own in links_in(reading.fillings[variable])):
            continue  # told of where the variable is written
        yield wrong, sent.written(link.at)


def _holds_a_secret(words: str) -> bool:
    return any(True for _, finds in _secrets_in(words) for _ in finds)


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
    for what, finds in _secrets_in(words):
        for secret, place in _placed(finds, node, reading):
            message = f"{quoted(secret[0][:6] + '…')} looks like {what}"
            reading.report(f.SECRET, place, message, "take it out, and replace it where it is used")


def _secrets_in(words: str) -> Iterator[tuple[str, Iterator[re.Match[str]]]]:
    lower = words.lower()
    for what, marks, pattern in _SECRETS:
        if any(mark in lower for mark in marks):
            yield what, pattern.finditer(words)


def _placed(finds: Iterator[re.Match[str]], node: Scalar, reading: Reading) -> Iterator[tuple[re.Match[str], Place]]:
    """Each find with its place: the second of the same words with the second place where they stand."""
    places: dict[str, Iterator[Place]] = {}
    for find in islice(finds, _MOST_FINDS):
        if find[0] not in places:
            places[find[0]] = reading.places_of(find[0], node)
        yield find, next(places[find[0]])
