"""What an operator wants to know of Slack before customers come: the tokens, the scopes, and all that the rules name.

Only questions are asked: nothing is posted, joined or changed. One that goes unanswered does not stop the others.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.core.rulebook.rules import Rules
from bot.slack.manifest import SCOPES
from bot.slack.troubles import NotSent, RateLimited, Refused, Trouble, Unclear, ask

Level = Literal["ok", "warning", "wrong"]

_TRIES = 3  # for a question that Slack puts off
_LONGEST_WAIT = 60.0  # seconds
_LOST_IN_A_ROW = 3  # after so many unanswered questions the others need not be asked
_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_LATER = "run `tier1 doctor` again in a few minutes"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in one check; `do` is the way out of what is not as it should be."""

    check: str
    level: Level
    what: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """What a channel is named for. `hears`: the bot must be in it to do its work; `of_case`: cases are shown there."""

    name: str
    hears: bool
    of_case: bool = False


def examine(
    client: WebClient, app_token: str, rules: Rules | None, *, wait: Callable[[float], object] = time.sleep
) -> Iterator[Finding]:
    """Yield what is found, check by check. Without `rules` only the app itself is looked at.

    `app_token` is "" over HTTP, which needs none.
    """
    asking = _Asking(wait)
    answer = asking.ask(client.auth_test)
    yield _token(answer)
    if isinstance(answer, SlackResponse):
        yield _scopes(answer)
    if app_token:
        yield _app_token(asking.ask(lambda: client.apps_connections_open(app_token=app_token)))
    if rules is None or isinstance(answer, Refused):
        return
    us = str(answer.get("user")) if isinstance(answer, SlackResponse) else "tier1"
    yield from _channels(client, asking, rules, us)
    yield from _usergroups(client, asking, rules)
    yield from _users(client, asking, rules)


class _Asking:
    """Waits where Slack asks for patience, and does not go on asking somebody who is not there."""

    def __init__(self, wait: Callable[[float], object]) -> None:
        self._wait = wait
        self._lost = 0

    def ask(self, call: Callable[[], SlackResponse]) -> SlackResponse | Trouble:
        if self._lost >= _LOST_IN_A_ROW:
            return NotSent("not asked: Slack does not answer")
        answer = ask(call)
        for _ in range(_TRIES - 1):
            if not isinstance(answer, RateLimited):
                break
            self._wait(min(answer.wait.total_seconds(), _LONGEST_WAIT))
            answer = ask(call)
        self._lost = self._lost + 1 if isinstance(answer, NotSent | Unclear) else 0
        return answer


# --- the app ----------------------------------------------------------------------------------------------------------


def _token(answer: SlackResponse | Trouble) -> Finding:
    check = "slack"
    match answer:
        case Refused(error):
            what = f"Slack does not accept SLACK_BOT_TOKEN ({error})"
            return Finding(check, "wrong", what, "copy the bot token (xoxb-…) of the installed app")
        case RateLimited() | NotSent() | Unclear():
            what = f"Slack cannot be reached ({_why(answer)})"
            return Finding(check, "wrong", what, "look at the network, the proxy and SLACK_API_URL")
        case _ if not answer.get("bot_id"):
            what = "SLACK_BOT_TOKEN is not a bot's"
            return Finding(check, "wrong", what, "copy the bot token (xoxb-…), not a person's (xoxp-…)")
        case _:
            return Finding(check, "ok", f"reached, as @{answer.get('user')} in {answer.get('team')}")


def _scopes(answer: SlackResponse) -> Finding:
    """Slack tells the scopes of a token in a header: https://docs.slack.dev/reference/methods/auth.test"""
    headers: Mapping[str, str] = {name.lower(): value for name, value in answer.headers.items()}
    told = headers.get("x-oauth-scopes")
    if told is None:
        return Finding("scopes", "warning", "Slack did not say which scopes the token has", _LATER)
    granted = {scope.strip() for scope in told.split(",")}
    if missing := [scope for scope in SCOPES if scope not in granted]:
        do = "put the output of `tier1 manifest` into the app's manifest, save it, and install the app again"
        return Finding("scopes", "wrong", f"the token lacks {', '.join(missing)}", do)
    return Finding("scopes", "ok", f"all {len(SCOPES)} granted")


def _app_token(answer: SlackResponse | Trouble) -> Finding:
    match answer:
        case Refused(error):
            what = f"Slack does not accept SLACK_APP_TOKEN ({error})"
            do = "make an app-level token (xapp-…) with the scope connections:write, and switch Socket Mode on"
            return Finding("app token", "wrong", what, do)
        case RateLimited() | NotSent() | Unclear():
            return Finding("app token", "warning", f"it could not be tried ({_why(answer)})", _LATER)
    return Finding("app token", "ok", "Socket Mode takes it")


# --- what the rules name ----------------------------------------------------------------------------------------------


def channels_named(rules: Rules) -> dict[str, tuple[Use, ...]]:
    """The channels that the rules name, and what for. Those where the bot is to be silent are left out."""
    uses: dict[str, list[Use]] = {}
    for queue in rules.queues.values():
        uses.setdefault(queue.channel, []).append(Use(f"queue {queue.id}", hears=True, of_case=True))
    for channel, its in rules.channels.items():
        if its.mode != "off":
            use = Use(f"mode {its.mode}", hears=its.mode != "mention")  # who mentions the bot is asked to invite it
            uses.setdefault(channel, []).append(use)
    for named, name in (
        (rules.operator_channel, "operator_channel"),
        (rules.editors_channel, "editors_channel"),
        (rules.digest.channel, "digest"),
    ):
        if named:
            uses.setdefault(named, []).append(Use(name, hears=name == "operator_channel"))
    return {channel: tuple(its) for channel, its in uses.items()}


def users_named(rules: Rules) -> dict[str, str]:
    """The people whom the rules name by id, and where first."""
    named: dict[str, str] = {}
    places = [
        *((f"group {name}", group.users) for name, group in rules.groups.items()),
        *((f"queue {queue.id}", queue.members) for queue in rules.queues.values()),
        *((f"permission {name}", whom) for name, whom in rules.permissions.items()),
        *(
            (f"ladder {name}", (rung.to or "", *rung.also_to))
            for name, ladder in rules.ladders.items()
            for rung in ladder
        ),
    ]
    for place, whom in places:
        for user in whom:
            if user not in rules.groups and user not in rules.queues and _USER.fullmatch(user):
                named.setdefault(user, place)
    return named


def _channels(client: WebClient, asking: _Asking, rules: Rules, us: str) -> Iterator[Finding]:
    named = channels_named(rules)
    found = (
        _channel(asking.ask(partial(client.conversations_info, channel=channel)), channel, uses, us)
        for channel, uses in named.items()
    )
    return _or_fine(found, "channels", f"{len(named)} named, and the bot is in all of them")


def _channel(answer: SlackResponse | Trouble, channel: str, uses: tuple[Use, ...], us: str) -> Finding | None:
    what_for = ", ".join(use.name for use in uses)
    place = f"{channel} ({what_for})"
    level: Level = "wrong" if any(use.hears for use in uses) else "warning"
    invite = f"write `/invite @{us}` in it"
    if isinstance(answer, Refused) and answer.error == "channel_not_found":
        what = f"{place} is not there, or is private and without the bot"
        return Finding("channels", level, what, f"put the channel's id into the rules, or {invite}")
    if isinstance(answer, Trouble):
        return _unknown("channels", place, answer)
    about = answer.get("channel") or {}
    place = f"#{about.get('name') or '?'}, {place},"
    if about.get("is_archived"):
        return Finding("channels", level, f"{place} is archived", "unarchive it, or name another in the rules")
    if not about.get("is_member"):
        return Finding("channels", level, f"{place} is without the bot", invite)
    if about.get("is_ext_shared") and any(use.of_case for use in uses):
        what = f"{place} is shared with another organisation, which reads every case in it"
        return Finding("channels", "warning", what, "name a channel of your own in the rules")
    return None


def _usergroups(client: WebClient, asking: _Asking, rules: Rules) -> Iterator[Finding]:
    named = {name: group.usergroup for name, group in rules.groups.items() if group.usergroup}
    relied_on = {member for queue in rules.queues.values() for member in queue.members}
    found = (
        _usergroup(
            asking.ask(partial(client.usergroups_users_list, usergroup=usergroup)),
            f"user group {usergroup} (group {name})",
            is_needed=name in relied_on and not rules.groups[name].users,
        )
        for name, usergroup in named.items()
    )
    return _or_fine(found, "user groups", f"{len(named)} named, and none is empty" if named else "none named")


def _usergroup(answer: SlackResponse | Trouble, place: str, *, is_needed: bool) -> Finding | None:
    if isinstance(answer, Refused) and answer.error == "no_such_subteam":
        return Finding("user groups", "wrong", f"{place} is not there", "put the group's id into the rules")
    if isinstance(answer, Trouble):
        return _unknown("user groups", place, answer)
    if not answer.get("users"):
        return Finding("user groups", "wrong" if is_needed else "warning", f"{place} is empty", "fill it in Slack")
    return None


def _users(client: WebClient, asking: _Asking, rules: Rules) -> Iterator[Finding]:
    named = users_named(rules)
    found = (
        _user(asking.ask(partial(client.users_info, user=user)), f"{user} ({where})") for user, where in named.items()
    )
    return _or_fine(found, "people", f"{len(named)} named, and all are here" if named else "none named")


def _user(answer: SlackResponse | Trouble, place: str) -> Finding | None:
    if isinstance(answer, Refused) and answer.error in ("user_not_found", "user_not_visible"):
        return Finding("people", "wrong", f"{place} is nobody in this workspace", "put their id into the rules")
    if isinstance(answer, Trouble):
        return _unknown("people", place, answer)
    if (answer.get("user") or {}).get("deleted"):
        return Finding("people", "wrong", f"{place} has left: the account is deactivated", "name somebody else")
    return None


def _or_fine(found: Iterable[Finding | None], check: str, fine: str) -> Iterator[Finding]:
    """What is not as it should be; or that all is."""
    faults = 0
    for finding in found:
        if finding is not None:
            faults += 1
            yield finding
    if not faults:
        yield Finding(check, "ok", fine)


def _unknown(check: str, place: str, trouble: Trouble) -> Finding:
    do = "grant the scopes above" if _why(trouble) == "missing_scope" else _LATER
    return Finding(check, "warning", f"{place} could not be looked at ({_why(trouble)})", do)


def _why(trouble: Trouble) -> str:
    return "too many requests" if isinstance(trouble, RateLimited) else trouble.error
