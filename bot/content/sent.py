"""Texts that the bot will send: which variables they may hold, and what must never be in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.content import faults as f
from bot.content.faults import Place, quoted
from bot.content.reading import Reading, Shape, text
from bot.content.yaml_source import Node, Scalar

_MOST_FINDS = 100
_LONGEST_RULES_TEXT = 3_000  # what one section shows
_LONGEST_HEADER = 150
_LONGEST_BUTTON = 75
_VARIABLE = re.compile(r"\{\{([^{}\n]*)\}\}")
_HALF_VARIABLE = re.compile(r"\{\{[^\n]{0,30}|[^\n]{0,30}\}\}")
_CALL = re.compile(r"(?<![\w@./-])@(?:channel|here|everyone)\b(?!\.?[\w-])|<![^>\n]{0,80}>?", re.IGNORECASE)
_SECRETS = (
    ("a private key", re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----")),
    ("a Slack token", re.compile(r"\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{10,}")),
    ("an AWS key", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    ("a Google key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}")),
    ("a Stripe key", re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}")),
    ("a signed token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}")),
    ("a password in a link", re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@{}<>]{1,60}:[^\s/@{}<>]{1,60}@")),
    # Mixed letters and digits after the colon: "Password: at least 14 characters" is advice, not a password.
    (
        "a password",
        re.compile(
            r"\b(?i:password|passwd|passcode|pwd|secret|api[ _-]?key|access[ _-]?key|token)"
            r"[*_`]{0,3}\s?[:=]\s?[*_`\"']{0,3}"
            r"(?!https?:)(?=[^\s`*]{0,60}[a-z])(?=[^\s`*]{0,60}[A-Z])(?=[^\s`*]{0,60}[0-9])[^\s`*<{]{8,60}"
        ),
    ),
)


def sent_text(*, longest: int, one_line: bool = False, may_be_empty: bool = False) -> Shape[str]:
    """Markdown that customers will read. `{{ site.x }}` is read as `{{site.x}}`."""
    plain = text(longest=longest, one_line=one_line, may_be_empty=may_be_empty)

    def read(node: Node, reading: Reading) -> str:
        found = plain.read(node, reading)
        if isinstance(node, Scalar):
            check_variables(found, node, reading)
            check_harmless(found, node, reading)
        return _VARIABLE.sub(lambda variable: "{{" + variable[1].strip() + "}}", found)

    return Shape(read, plain.schema)


def rules_text() -> Shape[str]:
    """A sentence of the rules, with the variables that rules may use."""
    return sent_text(longest=_LONGEST_RULES_TEXT, may_be_empty=True)


def label() -> Shape[str]:
    """Words on a button. Longer ones than Slack shows there are cut where they are shown."""
    plain = text(longest=_LONGEST_HEADER)

    def read(node: Node, reading: Reading) -> str:
        found = plain.read(node, reading)
        if _LONGEST_BUTTON < len(found) <= _LONGEST_HEADER:
            message = f"{len(found)} characters, of which a button shows {_LONGEST_BUTTON}"
            reading.report(f.NOT_SHOWN_WHOLE, node.place, message, "shorten it")
        if isinstance(node, Scalar):
            check_harmless(found, node, reading)
            for variable, place in _placed(_VARIABLE.finditer(found), node, reading):
                hint = "write it in the answer"
                reading.report(f.UNKNOWN_VARIABLE, place, f"{quoted(variable[0])} cannot be filled here", hint)
        return found

    return Shape(read, plain.schema)


def check_variables(words: str, node: Scalar, reading: Reading) -> None:
    for variable, place in _placed(_VARIABLE.finditer(words), node, reading):
        name = variable[1].strip()
        if name not in reading.variables and not (reading.site_unread and name.startswith("site.")):
            hint = reading.hint_for(name, reading.variables)
            reading.report(f.UNKNOWN_VARIABLE, place, f"{quoted(variable[0])} cannot be filled here", hint)
    if half := _HALF_VARIABLE.search(_VARIABLE.sub("", words)):
        hint = "a variable is written {{case.id}}, on one line"
        place = next(reading.places_of(half[0], node))
        reading.report(f.UNKNOWN_VARIABLE, place, f"{quoted(half[0])} is no variable", hint)


def check_harmless(words: str, node: Scalar, reading: Reading) -> None:
    """Report what would call everybody in a channel, and what looks like a secret. Secrets are not repeated."""
    for call, place in _placed(_CALL.finditer(words), node, reading):
        message = f"{quoted(call[0])} would call everybody in the channel"
        reading.report(f.MENTIONS_ALL, place, message, "say whom you mean in other words")
    for what, pattern in _SECRETS:
        for secret, place in _placed(pattern.finditer(words), node, reading):
            shown = quoted(secret[0][:6] + "…")
            reading.report(
                f.SECRET, place, f"{shown} looks like {what}", "take it out, and replace it where it is used"
            )


def _placed(finds: Iterator[re.Match[str]], node: Scalar, reading: Reading) -> Iterator[tuple[re.Match[str], Place]]:
    """Each find with its place: the second of the same words with the second place where they stand."""
    places: dict[str, Iterator[Place]] = {}
    for find in islice(finds, _MOST_FINDS):
        if find[0] not in places:
            places[find[0]] = reading.places_of(find[0], node)
        yield find, next(places[find[0]])
