"""Take secrets out of what people write, before it is stored or shown. Pure; everything else stays byte for byte.

It rather masks a word too many than leaves a secret, yet what people say *about* a password ("is wrong", "has expired")
stays: the answer depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, Literal

from bot.core.matching.reading.english import STOP_WORDS

Kind = Literal["private_key", "token", "card_number", "password", "iban", "email"]


@dataclass(frozen=True, slots=True)
class Redacted:
    """`text` with each secret replaced by what it was, e.g. `[token removed]`; `kinds` names those found."""

    text: str
    kinds: frozenset[Kind] = frozenset()


def redact(text: str, *, also: Collection[str] = ()) -> Redacted:
    """Mask private keys, tokens, card numbers and passwords, and of `iban` and `email` those named in `also`.

    Doing it twice changes nothing more. Never raises; takes time linear in the text.
    """
    kinds: set[Kind] = set()
    for _ in range(_ROUNDS):
        before = text
        for kind, mask in _MASKS.items():
            if kind in ALWAYS or kind in also:
                masked = mask(text)
                if masked != text:
                    kinds.add(kind)
                    text = masked
        if text == before:
            break
    return Redacted(text, frozenset(kinds))


_ROUNDS: Final = 4  # what is left of a number whose first digits were a password may be a card's
ALWAYS: Final = frozenset({"private_key", "token", "card_number", "password"})
_REMOVED: Final = re.compile(r"\[(?:password|token|private key|card number|IBAN|e-mail) removed\]")

# Every repetition below is bounded, or cannot overlap what follows it: no text makes an expression go back and forth.
_DASHES: Final = "-{3,6}"
_PRIVATE_KEY: Final = re.compile(
    rf"{_DASHES} ?BEGIN [A-Z0-9 ]{{0,40}}PRIVATE KEY(?: BLOCK)? ?{_DASHES}"
    rf"(?:.*?{_DASHES} ?END [A-Z0-9 ]{{0,40}}PRIVATE KEY(?: BLOCK)? ?{_DASHES}|.*)",  # no end: all that follows
    re.DOTALL | re.IGNORECASE,
)

_TOKEN: Final = re.compile(
    r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{8,}"
    r"|(?<![A-Za-z0-9])(?:"
    r"xox[a-z](?:\.xox[a-z])?-[\w-]{8,}|xapp-[\w-]{8,}"
    r"|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}"
    r"|(?:sk|rk)[-_](?=[\w-]{0,99}[0-9])[\w-]{16,}|pypi-[\w-]{30,}|(?:npm|hf)_[A-Za-z0-9]{30,}"
    r"|(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])|AIza[\w-]{30,}|ya29\.[\w-]{20,}"
    r"|eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"  # JSON Web Tokens, RFC 7519
    r")",
    re.ASCII,
)
_NAMED_TOKEN: Final = re.compile(
    r"(?P<name>(?<![A-Za-z0-9])(?:bearer|authorization:[ \t]{0,3}basic|api[ _-]?key|access[ _-]?key|token)"
    r"[\"'`]?(?:[ \t]{0,3}[:=]|[ \t]{1,3}is[ \t:])?[ \t]{0,3}[\"'`<]?)"
    r"(?P<value>(?<![A-Za-z0-9])[A-Za-z0-9._~+/=$%-]{8,})",
    re.IGNORECASE | re.ASCII,
)
_NO_WORD_HAS: Final = 24  # letters

_BETWEEN: Final = "[ \u00a0\u2010-\u2013-]{1,3}"
_DIGITS: Final = re.compile(rf"(?<![\w+.])[0-9]+(?:{_BETWEEN}[0-9]+)*(?!\w|\.[0-9])")  # after a plus: a telephone
_GROUPS: Final = re.compile("[0-9].*[0-9]")
_GROUP: Final = re.compile("[0-9]+")
_CARD_GROUP_COUNTS: Final = (1, 3, 4, 5)
_CARD_DIGITS: Final = range(13, 20)
_FIRST_GROUP: Final = (4, *_CARD_DIGITS)
_CARD_GROUPS: Final = re.compile(r"4 4 4 [1-4](?: [1-3])?|4 6 [45]|1[3-9]")  # as printed on cards, or in one

_LABEL: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:(?P<word>pass[ _-]?words?|passwd|pass[ _-]?phrase|pswd|pwd|pw|passwort|kennwort)"
    r"|(?P<number>pass[ _-]?code|pin(?:[ _-]?(?:code|number))?)|(?P<secret>secret|pass))(?![A-Za-z0-9])[\"'`*]{0,3}",
    re.IGNORECASE,
)
_NAMES_IT: Final = re.compile(
    r"(?:[ \t]{1,3}(?:for|of|to|on|in|at)(?:[ \t]{1,3}[\w@-]{1,40}(?:\.\w{1,20}){0,3}){1,4}?)?"
    r"(?:[ \t]{0,3}(?:[:=]|->|=>)\s{0,3}|[ \t]{1,3}(?:is|was|ist)(?:[ \t]{0,3}[:=])?\s{1,3})"
    r"(?:(?:now|not|still|just|currently|actually|really|simply|always|set to|changed to)[ \t]{1,3}){0,3}",
    re.IGNORECASE,
)
_STANDS_BEFORE_IT: Final = re.compile(r"(?:[ \t]{1,3}(?:to|as|be|-))?[ \t]{1,3}", re.IGNORECASE)
_QUOTED: Final = re.compile(r"([\"'`])(?P<value>(?:(?!\1)[^\n]){1,200})\1")
_UNQUOTED: Final = re.compile(rf"[(<\"'`*]{{0,3}}(?P<value>(?:{_REMOVED.pattern}|\S){{1,64}})")
_COUNTED: Final = re.compile(
    r"[ \t]{1,3}(?:alphanumeric |upper ?case |special )?"
    r"(?:char|digit|letter|symbol|sign|number|word|second|minute|hour|day|week|month|year|time|attempt|tr(?:y|ies))",
    re.IGNORECASE,
)
_IN_ADDRESS: Final = re.compile(
    r"(?P<head>\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,64}:)[^\s/@]{1,200}(?=@)", re.IGNORECASE
)
_PUNCTUATION: Final = ".,;:)]}>*_~\"'`\u201c\u201d\u2018\u2019\u00bb"
_LONGEST_LOOKED_AT: Final = 64  # longer runs without a blank are taken to their end
_FEWEST_DIGITS: Final = 3  # of a PIN
_SHORTEST_RANDOM: Final = 6
_LONGEST_WORD: Final = 16

# What is said about passwords.
_WORDS_ABOUT: Final = """
accepted account active annoying apparently approved asked asking associated available bad blank blocked blurred
broken case changed changing checked coming complicated compromised confirmed confusing connected constantly correct
created cut declined default definitely deleted denied different disabled displayed due easy email emailed empty
enabled encrypted enough entered error expired expiring exposed fail failed failing false fine forbidden forced forgot
forgotten found frustrating given going gone good great greyed guessed hacked hard hashed hidden hijacked identical
ignored immediately impossible incorrect invalid kept known leaked least less limited linked loading locked login long
longer looping lost mailed managed mandatory masked matching missing mistyped must needed never new none nowhere null
obviously old older outdated outside pending phished playing please possible posted printed private probably processed
prompting protected provided public pwned recognised recognized refused rejected remembered renewed repeatedly
requested required reset revoked ridiculous right safe same saved secure sensitive sent set shared short shorter
showing simple stale stolen stored strong stuck sync synced synchronised synchronized syncing temporary tied tough
true truncated typed unavailable unchanged undefined unencrypted unknown unlocked unsafe unset updated updating use
used user username valid validated verified visible weak weird working works written wrong
"""
_ABOUT: Final = frozenset(_WORDS_ABOUT.split()) | STOP_WORDS

_IBAN: Final = re.compile(r"(?<!\w)[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?!\w)", re.ASCII)
_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


def _without_private_keys(text: str) -> str:
    return _PRIVATE_KEY.sub("[private key removed]", text)


def _without_tokens(text: str) -> str:
    return _NAMED_TOKEN.sub(_named_token, _TOKEN.sub("[token removed]", text))


def _named_token(found: re.Match[str]) -> str:
    value = found["value"]
    inner_capital = value != value.capitalize() and not value.isupper() and not value.islower()
    random = inner_capital or any(letter.isdigit() for letter in value) or len(value) >= _NO_WORD_HAS
    return found["name"] + "[token removed]" if random else found[0]


def _without_cards(text: str) -> str:
    return _DIGITS.sub(_card, text)


def _card(run: re.Match[str]) -> str:
    """Mask the run if it is a card number as a whole, or those groups of it that look like one."""
    groups = list(_GROUP.finditer(run[0]))
    kept: list[str] = []
    end = at = 0
    while at < len(groups):
        taken = next((n for n in _CARD_GROUP_COUNTS if _looks_printed(groups[at : at + n])), 0)
        if taken:
            kept += (_whole_card(run[0][end : groups[at].start()]), "[card number removed]")
            end = groups[at + taken - 1].end()
        at += taken or 1
    return "".join((*kept, _whole_card(run[0][end:])))


def _whole_card(run: str) -> str:
    return _GROUPS.sub("[card number removed]", run) if _is_card(_GROUP.findall(run)) else run


def _looks_printed(groups: list[re.Match[str]]) -> bool:
    if len(groups[0][0]) not in _FIRST_GROUP:
        return False
    digits = [group[0] for group in groups]
    return _CARD_GROUPS.fullmatch(" ".join(str(len(group)) for group in digits)) is not None and _is_card(digits)


def _is_card(groups: list[str]) -> bool:
    """Check the length and the Luhn sum (ISO/IEC 7812)."""
    digits = "".join(groups)
    if len(digits) not in _CARD_DIGITS:
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _without_passwords(text: str) -> str:
    text = _IN_ADDRESS.sub(r"\g<head>[password removed]", text)
    kept: list[str] = []
    end = 0
    for label in _LABEL.finditer(text):
        removed = _REMOVED.match(text, label.start() - 1) if label.start() else None
        if label.start() >= end and not removed and (span := _password_after(label, text)):
            kept += (text[end : span[0]], "[password removed]")
            end = span[1]
    return "".join((*kept, text[end:]))


def _password_after(label: re.Match[str], text: str) -> tuple[int, int] | None:
    """Return where the password stands that the label announces, if one does."""
    named = _NAMES_IT.match(text, label.end())
    before = named or _STANDS_BEFORE_IT.match(text, label.end())
    found = before and (_QUOTED.match(text, before.end()) or _UNQUOTED.match(text, before.end()))
    if not before or not found:
        return None
    value, start = found["value"], found.start("value")
    if found.re is _UNQUOTED and "=" in before[0]:
        value = value.partition("&")[0]  # the next field of a query string
    if not _REMOVED.sub("", value).strip(_PUNCTUATION):
        return None
    if found.re is _UNQUOTED and len(value) < _LONGEST_LOOKED_AT:
        value = value.rstrip(_PUNCTUATION)
    end = start + len(value)
    if _COUNTED.match(text, end) or not (_is_password(value, label, before[0]) if named else _looks_random(value)):
        return None
    while len(value) >= _LONGEST_LOOKED_AT and end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _is_password(value: str, label: re.Match[str], joiner: str) -> bool:
    digits = sum(letter.isdigit() for letter in value)
    if label["number"]:
        return digits >= _FEWEST_DIGITS
    needs_digit = "\n" in joiner or (label["secret"] and not re.search("[:=]", joiner))
    if needs_digit and not digits and len(value) < _LONGEST_WORD:
        return False
    words = re.findall(r"[^\W_]+", value.lower())
    a_sentence = " " in value and words and words[0] in _ABOUT
    return not (a_sentence or _ABOUT.issuperset(words))


def _looks_random(value: str) -> bool:
    """Tell `hunter2` from the words and the error codes that may follow "password" just as well."""
    return (
        len(value) >= _SHORTEST_RANDOM
        and any(letter.isdigit() for letter in value)
        and any(letter.islower() for letter in value)
        and not value.startswith("0x")
        and "://" not in value
    )


def _without_ibans(text: str) -> str:
    return _IBAN.sub("[IBAN removed]", text)


def _without_emails(text: str) -> str:
    return _EMAIL.sub("[e-mail removed]", text)


# In this order: a card number given as a password is taken out whole.
_MASKS: Final[dict[Kind, Callable[[str], str]]] = {
    "private_key": _without_private_keys,
    "token": _without_tokens,
    "card_number": _without_cards,
    "password": _without_passwords,
    "iban": _without_ibans,
    "email": _without_emails,
}
