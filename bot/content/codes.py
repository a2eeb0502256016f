"""The table of all codes, for people: what each fault means, and the way out of it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content import faults as f
from bot.content.faults import KINDS, FileKind, Kind

WAYS_OUT: Mapping[Kind, str] = {
    f.UNREADABLE: "Check the path, and that you may open the file.",
    f.NOT_YAML: "Put the text in quotes, or line it up with the lines above; the message says which.",
    f.UNKNOWN_KEY: "Correct its spelling, move it to where it belongs, or take it out.",
    f.DUPLICATE_KEY: "Keep one of them, and put what both say under it.",
    f.MISSING_KEY: "Add it.",
    f.WRONG_KIND: "Begin each item of a list with `- `; put a text that has `: ` or brackets in it in quotes.",
    f.NOT_TEXT: 'Put it in quotes: `"yes"`, `"1.10"`.',
    f.EMPTY: "Fill it in, or take the key out.",
    f.ANCHOR: "Write the value out; a text that begins with `&` or `*` needs quotes.",
    f.TAG: "Put a text that begins with `!` in quotes.",
    f.TAB: "Use blanks instead.",
    f.NOT_UTF8: "Save the file as UTF-8, and delete the control characters.",
    f.TOO_BIG: "Split it.",
    f.SYMLINK: "Put a copy of the file there.",
    f.SUFFIX: "Rename it to `.yaml`.",
    f.WRONG_DEPTH: "Move it to `kb/CATEGORY/NAME.yaml`.",
    f.BAD_SLUG: "Rename it: small letters, digits, `-` and `_`, with a letter or a digit first.",
    f.TOO_DEEP: "Flatten it: most often an indentation slipped.",
    f.TOO_MANY_FAULTS: "Mend those above first.",
    f.NOT_A_CHOICE: "Write one of the words that the message lists.",
    f.NOT_A_NUMBER: "Write a number within the bounds that the message names.",
    f.NOT_TRUE_OR_FALSE: "Write `true` or `false`.",
    f.NOT_A_DURATION: "Write a number and `s`, `m`, `h`, `d` or `w`: `90s`, `1h30m`.",
    f.NOT_A_DATE: "Write year, month and day: `2027-03-01`.",
    f.NOT_A_LANGUAGE: "Write its tag: `en`, `de`, `pt-BR`.",
    f.NOT_AN_ID: "Copy the id from Slack: a channel's is at the bottom of its *About* tab, a person's in the profile.",
    f.TOO_LONG: "Shorten it.",
    f.TOO_MANY: "Keep the best, take the others out.",
    f.CUT_SHORT: "Put the text in quotes if the `#` belongs to it; leave two blanks before a comment.",
    f.NOT_SHOWN_WHOLE: "Shorten it.",
    f.SWALLOWED: "Begin each item with `- `, in line with the items above; or put the whole text in quotes.",
    f.ONE_FOR_SEVERAL: "Write each on a line of its own that begins with `- `; if it is one, put it in quotes.",
    f.NOT_READ: "Rename it to end in `.yaml`, or take it out of the folder.",
    f.SINGLE_BRACES: "Write it in double braces: `{{case.id}}`.",
    f.BREAK_IN_MARKS: "Write the words between the marks on one line.",
    f.MORE_WARNINGS: "Look at those above first.",
    f.NO_SUCH_ENTRY: "Check its spelling: the id is the path without `.yaml`, as in `accounts/reset-password`.",
    f.UNKNOWN_VARIABLE: "Use one that the message lists, or add it to `variables` in `_site.yaml`.",
    f.MENTIONS_ALL: "Say in other words whom you mean.",
    f.SECRET: "Take it out. If it was real, replace it wherever it is used: others may have read it.",
    f.BAD_LINK: "Write `https://…`; add a host of yours to `link_hosts` in `_site.yaml`.",
    f.BAD_STEPS: "Give every step a way on, to a step that there is, and the guide an end.",
    f.BAD_PATTERN: "Write at least a letter or a digit beside `*`.",
    f.NAMES_ITSELF: "Name another entry, or take the line out.",
    f.NEVER_ENDS: "Let one of the guides end in `resolved` or `handoff`.",
    f.REFUSES_ITSELF: "Take the word out of `keywords`, or write the phrasing with words that they let pass.",
    f.FEW_PHRASINGS: "Write three or more, as people type them.",
    f.SAME_PHRASING: "Keep it where it belongs.",
    f.REVIEW_OVERDUE: "Read the answer again, and set a later date.",
    f.UNREACHED_NODE: "Let an option lead there, or take the step out.",
    f.NO_ENTRIES: "Write one: `tier1 kb new CATEGORY/NAME`.",
    f.OVERLAP: "Say in each what is special about it, or keep the phrasing in one of them.",
    f.NEVER_SERVED: "Name another entry, or set the state of that one to `trial` or `live`.",
    f.COMMON_WORD: "Use a word that tells these messages from others, or a phrase.",
    f.SEVERAL_LINES: "Write it on one line, or accept that it is joined.",
    f.NO_SUCH_NAME: "Correct its spelling, or define it in the rules.",
    f.BAD_HOURS: 'Write `"08:30-12:30"`; keep `weekly` or `always_open`, not both.',
    f.NOT_A_TIMEZONE: "Write it as `Europe/Berlin`.",
    f.BAD_MOMENT: 'Write `2026-11-27T15:00:00+01:00`; in a ladder `"80% first_response"` or a length of time.',
    f.SAME_ID: "Rename one of them.",
    f.BAD_HOLIDAY: "Give it `date`, or `from` and `to`, or `country` by its two letters.",
    f.BAD_THRESHOLDS: "`sure` is above `unsure`, `auto_close_after` longer than `confirm_after` and `warn_before`.",
    f.FALLBACK_CIRCLE: "Let one of them have no `fallback`, or another one.",
    f.WITHOUT_EFFECT: "Say what it is to do, or take it out.",
    f.UNUSED_ENTRY_ID: "Correct its spelling, or write the entry.",
    f.UNQUOTED_TIME: 'Put it in quotes: `"08:00-18:00"`.',
    f.ALWAYS_HANDED_OFF: "Take the condition out: nothing can stand between a customer and a person.",
    f.UNKNOWN_WORD: "Use one that the message lists.",
    f.UNREACHABLE: "Move it up, narrow what stands before it, or take it out.",
    f.NEVER_HOLDS: "Correct one of its parts: they cannot be true together.",
    f.UNREACHED_QUEUE: "Name it in a trigger, a route or an entry, or take it out.",
    f.NOBODY: "Add `users`, a `usergroup` or `email_domains`.",
    f.SHARED_CHANNEL: "Give each team a channel of its own, in which the bot is not asked.",
    f.SLOWER: "Swap the two times, or write both: what is not written is as in the standard SLA.",
    f.VAIN_HOURS: "Correct the days, or write `weekly` hours.",
    f.MOVES_NOWHERE: "Give that queue a ladder of its own, or none.",
}
_NOT_IN_RULES = frozenset({f.WRONG_DEPTH, f.BAD_SLUG, f.NOT_SHOWN_WHOLE, f.NOT_READ})
_IN_RULES_TOO = frozenset({f.UNKNOWN_VARIABLE, f.MENTIONS_ALL, f.SECRET, f.BAD_LINK, f.SAME_PHRASING, f.COMMON_WORD})
_IN_ENTRIES_TOO = frozenset({f.NO_SUCH_NAME})
_FIRST_OF_ENTRIES, _FIRST_OF_RULES = 40, 60
_TITLE = """\
# Codes

What `tier1 kb check` and `tier1 rules check` may report. `KB` stands for a file of the knowledge base, `RU` for the
rules. An **error** has to be mended before anything is served; a **warning** is served all the same. A code never
changes its meaning.

| code | | meaning | what to do |
| --- | --- | --- | --- |
"""


def as_table() -> str:
    """The page `docs/codes.md`, in Markdown."""
    return _TITLE + "".join(map(_row, sorted(KINDS, key=lambda kind: kind.number)))


def codes_of(kind: Kind) -> tuple[str, ...]:
    """The codes under which a kind of fault is reported."""
    return tuple(f"{file_kind}{kind.number:03}" for file_kind in _file_kinds(kind))


def _file_kinds(kind: Kind) -> tuple[FileKind, ...]:
    if kind.number < _FIRST_OF_ENTRIES:
        return ("KB",) if kind in _NOT_IN_RULES else ("KB", "RU")
    if kind.number < _FIRST_OF_RULES:
        return ("KB", "RU") if kind in _IN_RULES_TOO else ("KB",)
    return ("KB", "RU") if kind in _IN_ENTRIES_TOO else ("RU",)


def _row(kind: Kind) -> str:
    cells = (", ".join(codes_of(kind)), kind.level, kind.meaning, WAYS_OUT[kind])
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"
