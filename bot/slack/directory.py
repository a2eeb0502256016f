"""Who people are, as Slack knows them. What the store knows is served at once; Slack is asked in the background.

Groups are worked out on every read, so that a change of the rules counts at once. A profile that Slack would not give
is never stored as if it had: the person has no name and no address then, and is asked for again later.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event, Lock, Thread

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.core.audience import Person, groups_of
from bot.core.rulebook.rules import Rules
from bot.errors import StoreError
from bot.ports import Registry
from bot.slack.connection import impatient
from bot.slack.identity import BotIdentity
from bot.slack.troubles import NotSent, RateLimited, Refused, Trouble, Unclear, ask

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(hours=24)
FIRST_CONTACT = timedelta(milliseconds=500)
_TIMEOUT = timedelta(seconds=5)
_ASK_AGAIN_AFTER = timedelta(minutes=10)  # for a profile that Slack would not give
_REFRESH_GROUPS = timedelta(minutes=10)
_REFRESH_SOONER = timedelta(minutes=1)  # after a round that did not succeed
_NO_GROUPS: Mapping[str, frozenset[str]] = {}

Key = tuple[str, str]


class SlackDirectory:
    """Implements `bot.ports.Directory`. `rules` gives the rules of now."""

    def __init__(
        self,
        client: WebClient,
        registry: Registry,
        us: BotIdentity,
        rules: Callable[[], Rules],
        *,
        clock: Callable[[], datetime],
        first_contact: timedelta = FIRST_CONTACT,
    ) -> None:
        self._client, self._registry, self._us, self._rules = impatient(client, _TIMEOUT), registry, us, rules
        self._clock, self._first_contact = clock, first_contact.total_seconds()
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="people")
        self._lock = Lock()
        self._asked: dict[Key, Future[None]] = {}
        self._not_before: dict[Key, float] = {}
        self._quiet_until = 0.0
        self._stopping = Event()
        self._refresher = Thread(target=self._keep_usergroups, name="usergroups", daemon=True)

    def start(self) -> None:
        """Begin to keep the user groups that the rules name up to date, at once and every ten minutes."""
        self._refresher.start()

    def stop(self) -> None:
        """Return when no thread of ours is left; a question under way may take up to 5 s."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._refresher.ident is not None:
            self._refresher.join()

    def person(self, team: str, user: str, *, external: bool = False) -> Person:
        """Return what is known now; a first contact may wait half a second for Slack. Never raises."""
        known, remembered_at = self._known(team, user)
        if self._is_stale(remembered_at):
            asked = self._ask_soon(team, user)
            if known is None:
                if asked is not None:
                    wait_for([asked], timeout=self._first_contact)
                known, _ = self._known(team, user)
        known = known or Person(id=user, team=team, unread=True)
        groups = groups_of(user, known.email, self._usergroups(team), self._rules())
        return replace(known, external=external or known.external, groups=groups)

    def name_of(self, user: str) -> str | None:
        """A person's name if it is known now; if not, Slack is asked for the next time. Never waits, never raises."""
        known, _ = self._known(self._us.team, user)
        if known is None and user:
            self._ask_soon(self._us.team, user)
        return known.name or None if known else None

    # --- what the store knows -----------------------------------------------------------------------------------------

    def _known(self, team: str, user: str) -> tuple[Person | None, datetime | None]:
        try:
            return self._registry.person(team, user) or (None, None)
        except StoreError as error:
            log.warning("People cannot be looked up: %s", error)
            return None, None

    def _is_stale(self, remembered_at: datetime | None) -> bool:
        return remembered_at is None or self._clock() - remembered_at > STALE_AFTER

    def _usergroups(self, team: str) -> Mapping[str, frozenset[str]]:
        try:
            return self._registry.usergroups(team)
        except StoreError as error:
            log.warning("User groups cannot be looked up: %s", error)
            return _NO_GROUPS

    # --- asking Slack: people -----------------------------------------------------------------------------------------

    def _ask_soon(self, team: str, user: str) -> Future[None] | None:
        """Ask for a profile, once for all who want it now; None if that was tried in vain, or answered, just now."""
        key = (team, user)
        with self._lock:
            now = time.monotonic()
            if self._stopping.is_set() or now < self._quiet_until or now < self._not_before.get(key, now):
                return None
            asked = self._asked.get(key)
            if asked is None:
                if not self._is_stale(self._known(team, user)[1]):
                    return None  # somebody else's question was answered since we looked
                asked = self._asked[key] = self._pool.submit(self._fetch, team, user)
                asked.add_done_callback(_log_failure)
            return asked

    def _fetch(self, team: str, user: str) -> None:
        try:
            self._ask(team, user)
        finally:
            with self._lock:
                self._asked.pop((team, user), None)

    def _ask(self, team: str, user: str) -> None:
        match ask(lambda: self._client.users_info(user=user, include_locale=True)):
            case SlackResponse() as answer if isinstance(profile := answer.get("user"), Mapping):
                self._remember(_person(profile, team, user, self._us))
                return
            case RateLimited(needed):
                self._quiet_until = time.monotonic() + needed.total_seconds()
                return
            case NotSent(error) | Unclear(error) | Refused(error):
                log.info("The profile of %s cannot be read (%s)", user, error)
            case _:
                log.info("The profile of %s cannot be read (there is none in the answer)", user)
        with self._lock:
            now = time.monotonic()
            self._not_before = {each: until for each, until in self._not_before.items() if until > now}
            self._not_before[team, user] = now + _ASK_AGAIN_AFTER.total_seconds()

    def _remember(self, person: Person) -> None:
        try:
            self._registry.remember(person, self._clock())
        except StoreError as error:
            log.warning("The profile of %s cannot be kept: %s", person.id, error)

    # --- asking Slack: user groups ------------------------------------------------------------------------------------

    def _keep_usergroups(self) -> None:
        pause = timedelta(0)
        while not self._stopping.wait(pause.total_seconds()):
            pause = _REFRESH_GROUPS if self._refresh_usergroups() else _REFRESH_SOONER

    def _refresh_usergroups(self) -> bool:
        """Ask for the members of every user group that the rules name. Returns whether all could be had."""
        usergroups = {group.usergroup for group in self._rules().groups.values() if group.usergroup}
        read = [self._refresh(usergroup) for usergroup in sorted(usergroups) if not self._stopping.is_set()]
        return all(read)

    def _refresh(self, usergroup: str) -> bool:
        answer = self._members(usergroup)
        # Slack allows some twenty of these a minute: who began anew with the first would never come to the last.
        while isinstance(answer, RateLimited) and not self._stopping.wait(answer.wait.total_seconds()):
            answer = self._members(usergroup)
        match answer:
            case SlackResponse() as answer if isinstance(users := answer.get("users"), list):
                members = frozenset(user for user in users if isinstance(user, str))
                try:
                    self._registry.remember_usergroup(self._us.team, usergroup, members, self._clock())
                except StoreError as error:
                    log.warning("The members of %s cannot be kept: %s", usergroup, error)
                    return False
                return True
            case NotSent(error) | Unclear(error) | Refused(error):
                log.warning("The members of the user group %s cannot be read (%s)", usergroup, error)
            case _:
                log.warning("The members of the user group %s cannot be read now", usergroup)
        return False

    def _members(self, usergroup: str) -> SlackResponse | Trouble:
        return ask(lambda: self._client.usergroups_users_list(usergroup=usergroup))


def _person(user: Mapping[str, object], team: str, id_: str, us: BotIdentity) -> Person:
    """A person from users.info; a stranger's profile may lack everything but the id."""
    inner = user.get("profile")
    profile: Mapping[str, object] = inner if isinstance(inner, Mapping) else {}
    real = _text(profile, "real_name") or _text(user, "real_name")
    return Person(
        id=id_,
        team=team,
        name=real or _text(profile, "display_name") or _text(user, "name"),
        first_name=_text(profile, "first_name") or real.partition(" ")[0],
        email=_text(profile, "email"),
        guest=user.get("is_restricted") is True or user.get("is_ultra_restricted") is True,
        external=user.get("is_stranger") is True or _text(user, "team_id") not in ("", us.team, us.enterprise),
        bot=user.get("is_bot") is True,
        timezone=_text(user, "tz") or "UTC",
        locale=_text(user, "locale") or "en",
    )


def _log_failure(asked: Future[None]) -> None:
    if not asked.cancelled() and (error := asked.exception()) is not None:
        log.error("Asking Slack who somebody is failed", exc_info=error)


def _text(fields: Mapping[str, object], key: str) -> str:
    value = fields.get(key)
    return value.strip() if isinstance(value, str) else ""
