"""What `escalation_rules.yaml` may hold, section by section. Calendars, promises and triggers have their own rooms."""

from __future__ import annotations

from typing import Any

from bot.content import faults as f
from bot.content.calendars import CALENDAR
from bot.content.promises import RUNG, SLA
from bot.content.reading import (
    Found,
    Reading,
    Shape,
    check_name,
    checked,
    choice,
    keys,
    list_of,
    named,
    table_of,
    text,
    word,
)
from bot.content.sent import rules_text
from bot.content.triggers import TRIGGERS, WHEN_IN_FULL, feedback
from bot.content.values import (
    audiences,
    channel_id,
    clock_time,
    days,
    entry_or_all,
    flag,
    language,
    length_of_time,
    moment,
    people,
    priority,
    share,
    timezone,
    user_id,
    usergroup_id,
    whole,
)
from bot.content.yaml_source import Node, Scalar
from bot.core.rules import (
    Bots,
    ChannelRules,
    Closing,
    Digest,
    Duplicates,
    Expect,
    Given,
    Group,
    OptOut,
    RulesTest,
    SameUser,
    Surge,
    Thresholds,
    Trial,
)

RIGHTS = ("claim", "resolve", "reassign", "pause", "flag", "see_log", "edit")
_MOST = 1_000_000


def _check_thresholds(found: Thresholds, node: Node, reading: Reading) -> None:
    if found.sure is not None and found.unsure is not None and found.unsure > found.sure:
        message = f"`unsure` {found.unsure} above `sure` {found.sure}"
        reading.report(f.BAD_THRESHOLDS, node.place, message, "what is sure needs more than what is not")


def _threshold_key(found: str, node: Node, reading: Reading) -> None:
    if found != "default":
        check_name("category", found, node.place, reading)


def _opt_out() -> Shape[OptOut]:
    """`{prefix, emoji}`, or one of the two by itself: an emoji stands between colons."""
    plain = keys(lambda found: OptOut(**found), {"prefix": text(), "emoji": text()})

    def read(node: Node, reading: Reading) -> OptOut:
        if not isinstance(node, Scalar):
            return plain.read(node, reading)
        written = text().read(node, reading)
        emoji = written.strip(":")
        return OptOut(emoji=emoji) if written == f":{emoji}:" else OptOut(prefix=written)

    return Shape(read, {"anyOf": [plain.schema, {"type": "string"}]})


def _digest(found: Found) -> Digest:
    return Digest(found.get("channel"), found.get("at") or found.get("time"))


_DEFAULTS: Shape[Found] = keys(
    dict,
    {
        "timezone": timezone(),
        "calendar": named("calendar"),
        "queue": named("queue"),
        "priority": priority(),
        "operator_channel": channel_id(),
        "editors_channel": channel_id(),
        "failed_attempts": whole(1, 100),
    },
)

_CHANNEL: Shape[ChannelRules] = keys(
    lambda found: ChannelRules(**found),
    {
        "mode": choice("off", "mention", "questions", "all"),
        "audience": audiences(),
        "categories": list_of(named("category")),
        "language": language(),
        "queue": named("queue"),
        "private": flag(),
        "test": flag(),
    },
)

_GROUP: Shape[Group] = keys(
    lambda found: Group(**found),
    {
        "usergroup": usergroup_id(),
        "users": list_of(user_id()),
        "email_domains": list_of(word("a domain")),
        "audience": audiences(),
    },
)

_QUEUE: Shape[Found] = keys(
    dict,
    {
        "tier": whole(1, 9),
        "role": text(longest=75),
        "channel": channel_id(),
        "members": list_of(people()),
        "calendar": named("calendar"),
        "sla": named("SLA"),
        "ladder": named("ladder"),
        "fallback": named("queue"),
        "priority_cap": priority(),
        "expectation": keys(dict, {"open": rules_text(), "closed": rules_text()}),
        "private": flag(),
        "always_staffed": flag(),
    },
    needed=("channel",),
)

_ROUTE: Shape[Found] = keys(
    dict,
    {
        "entry": list_of(entry_or_all(may_end_in_star=True), least=1),
        "category": list_of(named("category"), least=1),
        "queue": named("queue"),
        "priority": priority(),
    },
)

_DUPLICATES: Shape[Duplicates] = keys(
    lambda found: Duplicates(**found),
    {
        "same_user": keys(
            lambda found: SameUser(**found),
            {"window": length_of_time(), "similarity": share()},
            needed=("window", "similarity"),
        ),
        "surge": keys(
            lambda found: Surge(**found),
            {
                "users": whole(2, _MOST),
                "window": length_of_time(),
                "similarity": share(),
                "queue": named("queue"),
            },
            needed=("users", "window", "similarity"),
        ),
        "reopen_within": length_of_time(),
    },
)

_CLOSING: Shape[Closing] = keys(
    lambda found: Closing(**found),
    {
        "confirm_after": length_of_time(),
        "warn_before": length_of_time(),
        "auto_close_after": length_of_time(),
        "survey": flag(),
        "resolve_codes": list_of(text(longest=75), least=1),
    },
)

_THRESHOLDS: Shape[Thresholds] = checked(
    keys(lambda found: Thresholds(**found), {"sure": share(), "unsure": share()}), _check_thresholds
)

_GIVEN: Shape[Given] = keys(
    lambda found: Given(**found),
    {
        "text": text(one_line=False, may_be_empty=True),
        "user": word("a user"),
        "channel": word("a channel"),
        "at": moment(),
        "history": list_of(text(one_line=False)),
        "feedback": feedback(),
        "failed_attempts": whole(0, 100),
        "entry": entry_or_all(),
    },
)

_EXPECT: Shape[Expect] = keys(
    lambda found: Expect(**found),
    {
        "rule": word("a rule's id"),
        "queue": named("queue"),
        "priority": priority(),
        "due_first": moment(),
        "action": word("an action"),
    },
)

_SHAPES: dict[str, Shape[Any]] = {
    "defaults": _DEFAULTS,
    "channels": table_of(_CHANNEL, channel_id()),
    "calendars": table_of(CALENDAR),
    "groups": table_of(_GROUP),
    "queues": table_of(_QUEUE, least=1),
    "slas": table_of(SLA),
    "triggers": TRIGGERS,
    "routing": list_of(_ROUTE),
    "ladders": table_of(list_of(RUNG)),
    "duplicates": _DUPLICATES,
    "closing": _CLOSING,
    "permissions": keys(dict, {right: list_of(people()) for right in RIGHTS}),
    "words": table_of(list_of(text())),
    "matching": keys(dict, {"thresholds": table_of(_THRESHOLDS, checked(word("a category"), _threshold_key))}),
    "bots": keys(
        lambda found: Bots(**found), {"listen_to": list_of(word("a bot's id")), "max_in_a_row": whole(1, 100)}
    ),
    "opt_out": _opt_out(),
    "edits_within": length_of_time(),
    "retention": table_of(days()),
    "redaction": list_of(word("a kind")),
    "trial": keys(
        lambda found: Trial(**found),
        {"promote_after": whole(1, _MOST), "demote_after": whole(1, _MOST), "window": length_of_time()},
    ),
    "digest": keys(_digest, {"channel": channel_id(), "at": clock_time(), "time": clock_time()}),
    "tests": list_of(
        keys(
            lambda found: RulesTest(**found),
            {"name": text(), "given": _GIVEN, "expect": _EXPECT},
            needed=("name", "given", "expect"),
        )
    ),
}
RULES: Shape[Found] = keys(dict, _SHAPES, needed=("queues",))
DEFS = {"when": WHEN_IN_FULL.schema}
