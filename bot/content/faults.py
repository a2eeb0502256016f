"""What is wrong in a file: its place, a code that never changes its meaning, the words found and the way out.

`KINDS` is the one table of codes. A number says the same in a knowledge base file (`KB003`) and in the rules (`RU003`),
and is never given to another fault, not even when its own is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, Literal, NamedTuple, TypeVar

Level = Literal["error", "warning"]
FileKind = Literal["KB", "RU"]

MOST_FAULTS = 200
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table of codes."""

    number: int
    level: Level
    meaning: str


# The file and its YAML.
UNREADABLE = Kind(1, "error", "The file or folder cannot be read: it is missing, or may not be opened.")
NOT_YAML = Kind(2, "error", "The text breaks YAML's grammar: quotes, brackets or indentation.")
UNKNOWN_KEY = Kind(3, "error", "A key that means nothing here.")
DUPLICATE_KEY = Kind(4, "error", "The same key twice in one place.")
MISSING_KEY = Kind(5, "error", "A key that is needed is not there.")
WRONG_KIND = Kind(6, "error", "A list where text is expected, text where keys are expected, and the like.")
NOT_TEXT = Kind(7, "error", "YAML reads the word as a number, a date or true/false, where text is expected.")
EMPTY = Kind(8, "error", "Nothing is written where something is needed.")
ANCHOR = Kind(9, "error", "An anchor (`&name`) or an alias (`*name`).")
TAG = Kind(10, "error", "A YAML tag (`!name`).")
TAB = Kind(11, "error", "A tab; YAML indents with spaces.")
NOT_UTF8 = Kind(12, "error", "The file is not UTF-8 text, or has control characters in it.")
TOO_BIG = Kind(13, "error", "The file is over 256 KB.")
SYMLINK = Kind(14, "error", "A symbolic link that leads out of the folder, or nowhere.")
SUFFIX = Kind(15, "error", "The file's name does not end in `.yaml`.")
WRONG_DEPTH = Kind(16, "error", "An entry that is not exactly one folder deep.")
BAD_SLUG = Kind(17, "error", "A file or folder name that cannot be part of an entry's id.")
TOO_DEEP = Kind(18, "error", "Lists and keys nested deeper than any file needs.")
TOO_MANY_FAULTS = Kind(19, "error", "The rest of this file's errors is left out.")

# Values.
NOT_A_CHOICE = Kind(20, "error", "A word that is none of those possible here.")
NOT_A_NUMBER = Kind(21, "error", "Not a number where a number is expected, or out of its range.")
NOT_TRUE_OR_FALSE = Kind(22, "error", "Neither `true` nor `false`.")
NOT_A_DURATION = Kind(23, "error", "Not a length of time such as `15m`, `4h` or `7d`.")
NOT_A_DATE = Kind(24, "error", "Not a date such as `2027-03-01`, or not one in the calendar.")
NOT_A_LANGUAGE = Kind(25, "error", "Not a language tag such as `en` or `pt-BR`.")
NOT_AN_ID = Kind(26, "error", "Not a Slack id of the right sort: a name instead of an id, or the id of something else.")
TOO_LONG = Kind(27, "error", "Longer than Slack can show.")
TOO_MANY = Kind(28, "error", "More than may stand here.")
CUT_SHORT = Kind(29, "warning", "The rest of the line after ` #` is a comment, though it looks like text.")
NOT_SHOWN_WHOLE = Kind(30, "warning", "Longer than a button can show: it will be cut there.")
SWALLOWED = Kind(31, "error", "A line that begins with `- ` or a bullet, and is read as part of the text above it.")
ONE_FOR_SEVERAL = Kind(32, "warning", "One text where a list may stand, though it looks like several.")
NOT_READ = Kind(33, "warning", "A file that is not read, though its name looks as if it should be.")
SINGLE_BRACES = Kind(34, "warning", "A variable in single braces: it is sent as it stands.")
BREAK_IN_MARKS = Kind(35, "warning", "A line break inside bold or italic words or a link: its marks may be seen.")
MORE_WARNINGS = Kind(36, "warning", "The rest of this file's warnings is left out.")

# Entries.
NO_SUCH_ENTRY = Kind(40, "error", "An id that no entry has.")
UNKNOWN_VARIABLE = Kind(41, "error", "A `{{…}}` that cannot be filled here.")
MENTIONS_ALL = Kind(42, "error", "A text to be sent that would call everybody in a channel.")
SECRET = Kind(43, "error", "A text to be sent that holds what looks like a secret.")
BAD_LINK = Kind(44, "error", "A link that is not https, or leads to a host that `link_hosts` does not name.")
BAD_STEPS = Kind(45, "error", "A guide that does not hold together.")
BAD_PATTERN = Kind(46, "error", "A pattern that would fit anything.")
NAMES_ITSELF = Kind(47, "error", "An entry that names itself.")
NEVER_ENDS = Kind(48, "error", "Guides that lead from entry to entry in a circle, without any other end.")
REFUSES_ITSELF = Kind(49, "warning", "Keywords that keep an entry from answering its own phrasings.")
FEW_PHRASINGS = Kind(50, "warning", "Fewer than 3 phrasings: it will often not be found.")
SAME_PHRASING = Kind(51, "warning", "The same phrasing twice, or in two entries; the same phrase twice in a list.")
REVIEW_OVERDUE = Kind(52, "warning", "The day to review the entry has passed.")
UNREACHED_NODE = Kind(53, "warning", "A step of the guide that no option leads to.")
NO_ENTRIES = Kind(54, "warning", "The knowledge base has no entries.")
OVERLAP = Kind(55, "warning", "Phrasings of two entries that carry the same words: one may be answered for the other.")
NEVER_SERVED = Kind(56, "warning", "A way to an entry that is never served: a draft or an archived one.")
COMMON_WORD = Kind(57, "warning", "A word so common that most messages hold it.")
SEVERAL_LINES = Kind(58, "warning", "Several lines where one is shown: they will be joined.")

# Rules.
NO_SUCH_NAME = Kind(60, "error", "A queue, group, calendar, SLA, ladder, trigger or word list that is not defined.")
BAD_HOURS = Kind(61, "error", "Opening hours that cannot be read, overlap, or contradict each other.")
NOT_A_TIMEZONE = Kind(62, "error", "A time zone that the tz database does not have.")
BAD_MOMENT = Kind(63, "error", "Not a point in time, one that is out of order, or not one of a ladder.")
SAME_ID = Kind(64, "error", "The same id of a trigger, or the same name of a test, twice.")
BAD_HOLIDAY = Kind(65, "error", "A holiday without a date, that ends before it begins, or of an unknown country.")
BAD_THRESHOLDS = Kind(66, "error", "Thresholds, or lengths of time, in the wrong order.")
FALLBACK_CIRCLE = Kind(67, "error", "Queues that fall back on each other in a circle.")
WITHOUT_EFFECT = Kind(68, "error", "A line of the rules that does not say what to do, where to, or what to expect.")
UNUSED_ENTRY_ID = Kind(70, "warning", "The rules name an entry or a category that the knowledge base does not have.")
UNQUOTED_TIME = Kind(71, "warning", "Hours and `at` belong in quotes.")
ALWAYS_HANDED_OFF = Kind(72, "warning", "A condition on a wish for a human, which always leads to one.")
UNKNOWN_WORD = Kind(73, "warning", "A word that no event of the bot carries, so that this never holds.")
UNREACHABLE = Kind(74, "warning", "A trigger or a route that never acts: what stands before it always does.")
NEVER_HOLDS = Kind(75, "warning", "A condition that can never hold.")
UNREACHED_QUEUE = Kind(76, "warning", "A queue that nothing leads to.")
NOBODY = Kind(77, "warning", "A group that has nobody in it.")
SHARED_CHANNEL = Kind(78, "warning", "A team's channel that is another team's too, or in which the bot answers.")
SLOWER = Kind(79, "warning", "A promise that takes longer than one that ought to come after it.")
VAIN_HOURS = Kind(80, "warning", "A calendar that stays closed for years, or holidays of one that never closes.")
MOVES_NOWHERE = Kind(81, "warning", "A step of a ladder that moves cases to the queue they are in.")

KINDS: tuple[Kind, ...] = tuple(kind for kind in dict(globals()).values() if isinstance(kind, Kind))


class Place(NamedTuple):  # not a dataclass: every value has one, and a named tuple is made three times as fast
    """A point in a file, counted from 1 as editors do."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    place: Place
    code: str
    level: Level
    message: str
    hint: str = ""

    def __str__(self) -> str:
        way_out = f" -> {self.hint}" if self.hint else ""
        return f"{self.place} {self.code} {self.level:<6} {self.message}{way_out}"

    def as_dict(self) -> dict[str, str | int]:
        """The fault as `--json` prints it."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "code": self.code,
            "level": self.level,
            "message": self.message,
            "hint": self.hint,
        }


def fault(file_kind: FileKind, kind: Kind, place: Place, message: str, hint: str = "") -> Fault:
    return Fault(place, f"{file_kind}{kind.number:03}", kind.level, message, hint)


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """By file, line and column, each once, whatever order they were found in.

    Of one file no more than `MOST_FAULTS` errors and as many warnings are kept and the rest counted: some files are
    nothing but faults.
    """
    ordered = sorted(set(faults), key=_by_place)
    kept: list[Fault] = []
    for _, group in groupby(ordered, key=lambda one: one.place.file):
        of_file = list(group)
        errors = [one for one in of_file if one.level == "error"]
        warnings = [one for one in of_file if one.level == "warning"]
        kept += sorted((*_most(errors, TOO_MANY_FAULTS), *_most(warnings, MORE_WARNINGS)), key=_by_place)
    return tuple(kept)


def _by_place(one: Fault) -> tuple[Place, str, str, str]:
    return one.place, one.code, one.message, one.hint


def _most(ordered: list[Fault], rest: Kind) -> list[Fault]:
    """The first of them, and how many are left; what was counted before is not counted again."""
    told = [one for one in ordered if one.code.endswith(f"{rest.number:03}")]
    plain = [one for one in ordered if one not in told] if told else ordered
    left = plain[MOST_FAULTS:]
    if not left or told:
        return plain[:MOST_FAULTS] + told
    file_kind: FileKind = "KB" if left[0].code.startswith("KB") else "RU"
    message = f"{len(left)} more {rest.level}s in this file"
    return [*plain[:MOST_FAULTS], fault(file_kind, rest, left[0].place, message, "mend those above first")]


def quoted(words: str) -> str:
    """The words found, in backticks, on one line and never long, whatever they are."""
    # No more is shown, and a file may be nothing but one word.
    line = words[: 4 * _LONGEST_QUOTE].replace("`", "'")
    if not line.isprintable():
        line = "".join(char if char.isprintable() else " " for char in line)
    line = " ".join(line.split())
    return f"`{line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + '…'}`"


Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Value]):
    """What came of loading: the value, unless there was an error, and every fault found, in order.

    `version` is a short hash of the files' content, there also when the value is not.
    """

    value: Value | None
    faults: tuple[Fault, ...]
    version: str

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.level == "error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.level == "warning")
