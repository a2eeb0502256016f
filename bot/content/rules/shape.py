"""What `escalation_rules.yaml` may hold, section by section.

Calendars, promises, teams, triggers and tests have their own rooms.
"""

from __future__ import annotations

from typing import Any, get_args

from bot.content import faults as f
from bot.content.faults import quoted
from bot.content.reading.reading import Reading
from bot.content.reading.shapes import (
    Found,
    Shape,
    check_name,
    checked,
    choice,
    keys,
    list_of,
    named,
    table_of,
    text,
    texts,
    word,
)
from bot.content.reading.source import Listing, Node, Scalar, Table
from bot.content.reading.values import (
    audiences,
    bot_id,
    channel_id,
    clock_time,
    days,
    flag,
    language,
    length_of_time,
    people,
    priority,
    share,
    timezone,
    whole,
)
from bot.content.reading.written import with_node
from bot.content.rules.calendars import CALENDAR
from bot.content.rules.promises import RUNG, SLA
from bot.content.rules.teams import GROUP, QUEUE, ROUTE
from bot.content.rules.tests import TESTS
from bot.content.rules.triggers import TRIGGERS, WHEN_IN_FULL
from bot.core.matching.reading.english import is_common
from bot.core.redaction import Kind as Secret
from bot.core.rulebook.rules import (
    Bots,
    ChannelRules,
    Closing,
    Digest,
    Duplicates,
    OptOut,
    SameUser,
    Surge,
    Thresholds,
    Trial,
)
from bot.core.rulebook.triggers import spaced

_MOST = 1_000_000


def _check_thresholds(found: Thresholds, node: Node, reading: Reading) -> None:
    if found.sure is not None and found.unsure is not None and found.unsure > found.sure:
        message = f"`unsure` {found.unsure} above `sure` {found.sure}"
        reading.report(f.BAD_THRESHOLDS, node.place, message, "what is sure needs more than what is not")


def _threshold_key(found: str, node: Node, reading: Reading) -> None:
    if found != "default":
        check_name("category", found, node.place, reading)


def _check_phrase(found: str, node: Node, reading: Reading) -> None:
    if not any(char.isalnum() for char in found):
        reading.report(f.EMPTY, node.place, f"no letter or digit in {quoted(found)}", "write a word, or remove it")
    elif is_common(found):
        hint = "take words that only such a message has"
        reading.report(f.COMMON_WORD, node.place, f"{quoted(found)} is in messages about anything", hint)


def _check_phrases(_found: tuple[str, ...], node: Node, reading: Reading) -> None:
    first: dict[str, int] = {}
    for item in node.items if isinstance(node, Listing) else ():
        words = spaced(item.text) if isinstance(item, Scalar) else ""
        if isinstance(item, Scalar) and words in first:
            message = f"{quoted(item.text)} stands already in line {first[words]}"
            reading.report(f.SAME_PHRASING, item.place, message, "remove one of them")
        elif words:
            first[words] = item.place.line


def _check_closing(found: Closing, node: Node, reading: Reading) -> None:
    given = node if isinstance(node, Table) else None
    warning, question = (given.get(key) if given else None for key in ("warn_before", "confirm_after"))
    before, asks, after = found.warn_before, found.confirm_after, found.auto_close_after
    if warning is not None and before is not None and after is not None and before >= after:
        hint = "warn later: `warn_before` counts back from the closing"
        reading.report(f.BAD_THRESHOLDS, warning.place, "the warning would come before the silence begins", hint)
    if question is not None and asks is not None and after is not None and asks >= after:
        hint = "ask sooner: `confirm_after` counts from the answer, as `auto_close_after` does"
        reading.report(f.BAD_THRESHOLDS, question.place, "the case would be closed before anybody is asked", hint)


def _opt_out() -> Shape[OptOut]:
    """`{prefix, emoji}`, or one of the two by itself: an emoji stands between colons."""
    plain = keys(
        lambda found: OptOut(**found),
        {
            "prefix": text().described("A message that begins with this is left alone."),
            "emoji": text().described("A message with this emoji is left alone."),
        },
    )

    def read(node: Node, reading: Reading) -> OptOut:
        if not isinstance(node, Scalar):
            return plain.read(node, reading)
        written = text().read(node, reading)
        emoji = written.strip(":")
        return OptOut(emoji=emoji) if written == f":{emoji}:" else OptOut(prefix=written)

    return Shape(read, {"anyOf": [plain.schema, {"type": "string"}]})


def _digest_shape() -> Shape[Digest]:
    """`time` is another word for `at`; programs that complete keys need not know it."""
    at: dict[str, Shape[Any]] = {
        "channel": channel_id().described("Where it is posted, by id."),
        "at": clock_time().described('When: "09:00", in the time zone of the rules.'),
    }
    shape = checked(keys(_digest, {**at, "time": clock_time()}), _check_digest)
    return Shape(shape.read, keys(_digest, at).schema)


def _digest(found: Found) -> Digest:
    return Digest(found.get("channel"), found.get("at") or found.get("time"))


def _check_digest(_found: Digest, node: Node, reading: Reading) -> None:
    again = node.get("time") if isinstance(node, Table) and node.get("at") is not None else None
    if again is not None:
        reading.report(f.DUPLICATE_KEY, again.place, "`time` says the same as `at`", "remove `time`")


_DEFAULTS: Shape[Found] = keys(
    dict,
    {
        "timezone": timezone().described("Where times without another zone are local: Europe/Berlin. Else UTC."),
        "calendar": named("calendar").described("For queues that name none, and for `after_hours`. Else always open."),
        "queue": named("queue").described("Where a case goes that nothing else sends anywhere. Else the first queue."),
        "priority": priority().described("How urgent a case is if nothing else says so. Else p3."),
        "operator_channel": channel_id().described("Where alarms go: a broken store, a message that was refused."),
        "editors_channel": channel_id().described("Where faults in the files are told."),
        "failed_attempts": whole(1, 100).described("After so many failed attempts people take over. Else 2."),
    },
)

_CHANNEL: Shape[ChannelRules] = keys(
    lambda found: ChannelRules(**found),
    {
        "mode": choice("off", "mention", "questions", "all").described(
            'all: every question gets a reply. questions: only when sure. mention: only when mentioned. "off": never.'
        ),
        "audience": audiences().described("Who reads here: only entries for them are shown."),
        "categories": list_of(named("category")).described("Only entries of these categories are shown here."),
        "language": language().described("Only entries in this language are shown here: en."),
        "queue": named("queue").described("Who takes over cases from here, if nothing else says so."),
        "private": flag().described("What is handed off goes on in a direct message."),
        "test": flag().described("To try things out: kept out of the numbers."),
    },
)

_DUPLICATES: Shape[Duplicates] = keys(
    lambda found: Duplicates(**found),
    {
        "same_user": keys(
            lambda found: SameUser(**found),
            {
                "window": length_of_time().described("How far apart they may be."),
                "similarity": share().described("How alike they must be, 0 to 1."),
            },
            needed=("window", "similarity"),
        ).described("When two questions of one person are the same case."),
        "surge": keys(
            lambda found: Surge(**found),
            {
                "users": whole(2, _MOST).described("So many different people."),
                "window": length_of_time().described("In this time."),
                "similarity": share().described("How alike their questions must be, 0 to 1."),
                "queue": named("queue").described("Who gets the one card for all of them."),
            },
            needed=("users", "window", "similarity"),
        ).described("When questions of many people are one incident."),
        "reopen_within": length_of_time(may_be_none=True).described("How long a closed case can be reopened. Else 7d."),
    },
)

_CLOSING: Shape[Closing] = checked(
    keys(
        lambda found: Closing(**found),
        {
            "confirm_after": length_of_time().described(
                "Silence after an answer until the bot asks, once, whether it worked."
            ),
            "warn_before": length_of_time().described("How long before a case closes its customer hears of it."),
            "auto_close_after": length_of_time().described(
                "Silence of the customer after which a case closes by itself."
            ),
            "survey": flag().described("Ask how it was when a case is closed."),
            "resolve_codes": texts(text(longest=75), least=1).described("What specialists choose from to resolve."),
        },
    ),
    _check_closing,
)

_THRESHOLDS: Shape[Thresholds] = checked(
    keys(
        lambda found: Thresholds(**found),
        {
            "sure": share().described("From this confidence on it answers, 0 to 1."),
            "unsure": share().described("From this confidence on it asks, 0 to 1."),
        },
    ),
    _check_thresholds,
)

_PERMISSIONS: Shape[Found] = keys(
    dict,
    {
        right: list_of(people()).described(sentence)
        for right, sentence in {
            "claim": "Who may claim a case, reply, send an entry, give it back and join in.",
            "resolve": "Who may resolve a case.",
            "reassign": "Who may give a case to another queue or person.",
            "pause": "Who may pause the bot.",
            "flag": "Who may flag an entry.",
            "see_log": "Who may read the log.",
            "edit": "Who may change entries.",
        }.items()
    },
)

_RETENTION: Shape[Found] = keys(
    dict,
    {
        kind: days().described(sentence)
        for kind, sentence in {
            "texts": "What people wrote, in days.",
            "files": "Names of files and links to them, in days.",
            "events": "What happened in a case, without its words, in days after it was closed.",
            "stimuli": "Which messages and presses reached the bot, in days.",
            "outbox": "What the bot said, in days after it was said.",
        }.items()
    },
)

_SHAPES: dict[str, Shape[Any]] = {
    "defaults": _DEFAULTS.described("What holds where nothing else is said."),
    "channels": table_of(_CHANNEL, channel_id()).described("How the bot behaves where, by the channel's id."),
    "calendars": table_of(CALENDAR).described("Opening hours and holidays, by name."),
    "groups": with_node(table_of(GROUP)).described(
        "People, by name. A user's or user group's id may stand wherever a group may."
    ),
    "queues": table_of(QUEUE, least=1).described(
        "The teams that take over, by name.", {"technical_support": {"channel": "C0123456789"}}
    ),
    "slas": table_of(SLA).described("What is promised for each priority, by name."),
    "triggers": TRIGGERS.described("When people come in. Read from the top: the first that holds decides."),
    "routing": list_of(ROUTE).described("Where a case goes if no trigger says so. The first that fits counts."),
    "ladders": table_of(list_of(with_node(RUNG))).described("What happens as a deadline comes near, by name."),
    "duplicates": _DUPLICATES.described("When several questions are one case."),
    "closing": _CLOSING.described("How cases end by themselves."),
    "permissions": _PERMISSIONS.described("Who may do what; without it the members of the case's queue."),
    "words": with_node(table_of(checked(texts(checked(text(), _check_phrase), least=1), _check_phrases))).described(
        "Words and phrases for `keywords`, by name. They are found as whole words."
    ),
    "matching": keys(
        dict,
        {
            "thresholds": table_of(_THRESHOLDS, checked(word("a category"), _threshold_key)).described(
                "By category, or `default` for all others."
            )
        },
    ).described("How sure is sure."),
    "bots": keys(
        lambda found: Bots(**found),
        {
            "listen_to": list_of(bot_id()).described("Ids of bots whose messages count as questions."),
            "max_in_a_row": whole(1, 100).described(
                "So many messages of the bot in a thread without a person's. Else 3."
            ),
        },
    ).described("How the bot gets along with other bots."),
    "opt_out": _opt_out().described("What keeps the bot out of a message."),
    "edits_within": length_of_time(may_be_none=True).described("How long after it was sent a changed message counts."),
    "retention": _RETENTION.described("How many days each kind is kept; without it for ever."),
    "redaction": list_of(choice(*get_args(Secret))).described(
        "What is masked in what people write. All but iban and email always are."
    ),
    "trial": keys(
        lambda found: Trial(**found),
        {
            "promote_after": whole(1, _MOST).described("So many people whom it helped make it live."),
            "demote_after": whole(1, _MOST).described("So many who are still stuck put it back on trial."),
            "window": length_of_time().described("In this time."),
        },
    ).described("How an entry earns being live, and how it loses it."),
    "digest": _digest_shape().described("A regular post with the numbers."),
    "tests": TESTS.described("What the rules must do: `tier1 rules test` tries it."),
}
RULES: Shape[Found] = keys(dict, _SHAPES, needed=("queues",))
DEFS = {"when": WHEN_IN_FULL.schema}
