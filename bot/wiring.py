"""The one place that knows every concrete class: how the bot is put together, started and stopped."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.content.calibration import Kept, kept_in
from bot.content.entries.loading import entry_ids, load_entries, unknown_queues
from bot.content.entries.words import built_in_words
from bot.content.rules.loading import load_rules
from bot.core.entries import Entry, Site
from bot.core.knowledge import Knowledge, Versions
from bot.core.matches import Matcher
from bot.core.matching import build_matcher
from bot.core.matching.matcher import RidgeMatcher
from bot.core.matching.scoring.calibrating import Calibration
from bot.core.matching.scoring.encoding import Encoder
from bot.core.matching.scoring.relearning import Relearned, relearned, seen_in
from bot.core.rulebook.calendar import is_open
from bot.core.rulebook.rules import Rules
from bot.core.searching import entries_like
from bot.desk import Desk
from bot.errors import ContentError, StoreError
from bot.settings import Matching, Settings
from bot.slack import health
from bot.slack.app import build_app
from bot.slack.calls import tell, web_client
from bot.slack.composing import Composer
from bot.slack.courier import Courier
from bot.slack.directory import SlackDirectory
from bot.slack.http import HttpDoor, slack_events
from bot.slack.identity import identify
from bot.slack.pacing import Alarms
from bot.slack.second_chances import SecondChances
from bot.slack.socket import SocketDoor
from bot.store.outcomes import outcomes_in
from bot.store.probe import Probe
from bot.store.sqlite import SqliteStore
from bot.vectors.cache import Cache
from bot.vectors.choosing import encoder_for
from bot.vectors.remembering import Remembering
from bot.workbench.entry_tests import MakeMatcher

log = logging.getLogger(__name__)

_AS_SHIPPED = Matching()
TICK = 1.0  # seconds between two looks for what is due
WORRYING = 10  # looks in vain
STUCK = timedelta(minutes=2)  # without a word in a lane that has something to say
DRAIN = timedelta(seconds=3)  # to say what is due when we are asked to stop; a supervisor waits 10


def real_time() -> datetime:
    return datetime.now(UTC)


def load_knowledge(
    kb: Path,
    rules: Path,
    *,
    rules_needed: bool,
    on_entry: Callable[[int, int], None] | None = None,
    matching: Matching = _AS_SHIPPED,
) -> Knowledge:
    """Load everything that is served. Raises `ContentError` with every fault in it.

    Where the rules are not needed they count only if they are there: then for their thresholds. `on_entry` is called
    after each entry with how many are read and how many there are.
    """
    entries = load_entries(kb, today=datetime.now(UTC).date(), on_entry=on_entry)
    known_rules, rules_version = _rules_for(kb, rules, rules_needed=rules_needed)
    if entries.value is None:
        raise ContentError("\n".join(str(fault) for fault in entries.faults))
    found = entries.value
    if rules_needed and (faults := unknown_queues(found, known_rules)):
        raise ContentError("\n".join(str(fault) for fault in faults))
    encoder = encoder_of(matching)
    matcher = build_matcher(
        found.entries.values(), found.words, known_rules.thresholds, encoder, calibration=_kept(kb, encoder)
    )
    versions = Versions(entries.version, rules_version, matcher.version)
    return Knowledge(found.entries, found.site, found.words, known_rules, matcher, versions)


def encoder_of(matching: Matching) -> Encoder:
    """What turns texts into vectors: loaded once a process, and the rows of a whole knowledge base kept on disk."""
    return Remembering(encoder_for(matching.matcher), Cache(matching.cache))


def _kept(kb: Path, encoder: Encoder) -> Calibration | None:
    """What `tier1 kb calibrate` learnt, if it is about the scores of this encoder."""
    kept = kept_in(kb)
    if kept is not None and kept.encoder != encoder.version:
        log.warning("What was learnt from outcomes is about another matcher: the knowledge base alone decides")
        return None
    return kept.calibration if kept else None


def learn(
    kb: Path, rules: Path, database: Path, matching: Matching, on_entry: Callable[[int, int], None] | None = None
) -> tuple[Relearned, Kept]:
    """See what outcomes say of the matcher as it is. Raises `ContentError`, `StoreError`, and `TooFewOutcomes`."""
    outcomes = outcomes_in(database)
    knowledge = load_knowledge(kb, rules, rules_needed=False, on_entry=on_entry, matching=matching)
    encoder = encoder_of(matching)
    matcher = RidgeMatcher(
        knowledge.entries.values(),
        knowledge.words,
        knowledge.rules.thresholds,
        encoder,
        calibration=_kept(kb, encoder),
    )
    learnt = relearned(matcher.calibration, seen_in(outcomes, matcher.top))
    return learnt, Kept(learnt.after, encoder.version)


def load_rules_alone(rules: Path, why: str) -> Knowledge:
    """What is left when the knowledge base cannot be served: no entries, so that every question goes to people."""
    known_rules, rules_version = _rules_for(None, rules, rules_needed=True)
    words = built_in_words()
    matcher = build_matcher((), words, {}, encoder_of(_AS_SHIPPED))
    log.error("The knowledge base cannot be served, so every question goes to people:\n%s", why)
    return Knowledge(
        {}, Site(), words, known_rules, matcher, Versions("none", rules_version, matcher.version), is_broken=True
    )


def matchers_like(knowledge: Knowledge, matching: Matching = _AS_SHIPPED) -> MakeMatcher:
    """Return what makes a matcher like that of `knowledge` over other entries."""
    words, thresholds, encoder = knowledge.words, knowledge.rules.thresholds, encoder_for(matching.matcher)

    def make(entries: Iterable[Entry], calibration: Calibration | None = None) -> Matcher:
        return build_matcher(entries, words, thresholds, encoder, calibration=calibration)

    return make


def _rules_for(kb: Path | None, rules: Path, *, rules_needed: bool) -> tuple[Rules, str]:
    if not rules_needed and not rules.exists():
        return Rules(queues={}), "none"
    loaded = load_rules(rules, entry_ids=entry_ids(kb) if kb else None)
    if loaded.value is None:
        raise ContentError("\n".join(str(fault) for fault in loaded.faults))
    if rules_needed:
        for calendar in loaded.value.calendars.values():
            # Works out the hours of the year, which the first customer should not wait for.
            is_open(calendar, real_time())
    return loaded.value, loaded.version


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int


class Service:
    """The running bot: one door to Slack, one desk, one courier, one store."""

    def __init__(
        self,
        settings: Settings,
        knowledge: Knowledge,
        *,
        http: Address | None = None,
        on_deaf: Callable[[], None] = lambda: os._exit(1),
        clock: Callable[[], datetime] = real_time,
    ) -> None:
        """Open the store and ask Slack who we are, which waits as long as Slack cannot be reached.

        `clock` is the time that the bot lives in: it may be put forward while the bot is `standing_still`.
        `on_deaf` is called when Socket Mode has had no connection for a minute and does not even try; a supervisor
        starts the process again.
        Raises `StoreError`, `SlackDown` or `SettingsError`.
        """
        self._knowledge = knowledge
        client = web_client(settings.slack_bot_token, settings.slack_api_url)
        self._store = SqliteStore(Path(settings.database))
        self._probe = Probe(Path(settings.database))
        self._clock, self._ticking = clock, threading.Lock()
        self._began_at, self._ticked_at = clock(), time.monotonic()
        try:
            us = identify(client)
            self._directory = SlackDirectory(
                client, self._store.registry, us, lambda: self._knowledge.rules, clock=clock
            )
            self._desk = Desk(
                self._store.book, self._directory, lambda: self._knowledge, clock=clock, written=self._nudge
            )
            name_of = self._directory.name_of
            composer = Composer(self._store.book, self._store.outbox, client, us, lambda user: name_of(user) or "")
            self._courier = Courier(
                self._store.outbox, client, composer, self._desk.hear, self._alarm, team=us.team, clock=clock
            )
            self._alarms = Alarms(self._alarm, clock)
            self._second_chances = SecondChances(self._desk.hear)
            self._app = build_app(
                client=client,
                signing_secret=settings.slack_signing_secret,
                hear=self._desk.hear,
                us=us,
                name_of=name_of,
                second_chances=self._second_chances,
                entries_like=lambda query: entries_like(query, self._knowledge),
                alarm=lambda sentence: self._alarms.sound("store", sentence, every=timedelta(minutes=10)),
            )
            self._client = client
            self._http = self._http_door(settings, http)
            self._socket = None
            if http is None and settings.slack_app_token:
                self._socket = SocketDoor(
                    self._app,
                    client,
                    settings.slack_app_token,
                    on_deaf=on_deaf,
                    alarm=lambda sentence: self._alarms.sound("socket", sentence, every=timedelta(minutes=10)),
                )
        except BaseException:
            self._store.close()
            raise
        self._stopping = threading.Event()
        self._is_awake = False  # once all clocks were looked at: the rules may have changed since they were wound
        self._ticker = threading.Thread(target=self._tick, name="ticker", daemon=True)

    @property
    def port(self) -> int:
        """Where HTTP mode, or the health check, listens; 0 if nothing does."""
        return self._http.port if self._http else 0

    def start(self) -> None:
        """Return when customers can be served."""
        self._directory.start()
        self._courier.start()
        self._ticker.start()
        self._second_chances.start()
        if self._http:
            self._http.start()
        if self._socket:
            self._socket.start()
        if self._knowledge.is_broken:
            self._alarms.sound(
                "kb", "The knowledge base has errors and is not served: every question goes to people. See the log."
            )

    def stop(self) -> None:
        """Take nothing new, say what is due, and hand everything back; within ten seconds."""
        if self._socket:
            self._socket.stop()
        if self._http:
            self._http.stop()
        self._second_chances.stop()
        self._stopping.set()
        if self._ticker.ident is not None:
            self._ticker.join()
        asking = threading.Thread(target=self._directory.stop, name="stopping")  # may wait for an answer of Slack's
        asking.start()
        self._courier.stop(DRAIN)
        asking.join()
        self._desk.close()
        self._store.close()

    # --- for who brings their own time --------------------------------------------------------------------------------

    def next_due(self, after: datetime) -> datetime | None:
        """The earliest moment after this one at which something is due."""
        return self._store.book.next_due(after)

    def do_due(self) -> bool:
        """Do what is due now, or as much of it as is done at once. Returns whether there was anything."""
        with self._ticking:
            self._ticked_at = time.monotonic()
            if not self._is_awake:  # not before: a store that cannot be written to must not keep us from starting
                self._desk.wake()
                self._is_awake = True
            return self._desk.tick()

    def is_silent(self) -> bool:
        """Whether all is said."""
        return self._store.outbox.is_all_said()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Nothing that is due is being done or said inside: leases run by the clock, which may be put forward now."""
        with self._ticking, self._courier.at_rest():
            yield

    def _http_door(self, settings: Settings, http: Address | None) -> HttpDoor | None:
        """The signed door, with `/healthz` beside it; in Socket Mode `/healthz` alone, if it is wanted."""
        if http is not None:
            events = slack_events(self._app, settings.slack_signing_secret or "")
            return HttpDoor([events, health.healthz(self._checks())], http.host, http.port)
        if settings.health:
            host, _, port = settings.health.rpartition(":")
            return HttpDoor([health.healthz(self._checks())], host or "127.0.0.1", int(port))
        return None

    def _checks(self) -> dict[str, health.Check]:
        """Why customers cannot be served, part by part."""
        return {
            "slack": lambda: health.connection(self._socket),
            "token": lambda: health.token(self._courier),
            "store": self._why_not_stored,
            "courier": self._why_not_said,
            "ticker": lambda: health.silence(
                timedelta(seconds=time.monotonic() - self._ticked_at), "nothing that is due has been done"
            ),
        }

    def _why_not_stored(self) -> str:
        try:
            self._store.book.is_heard("")
        except StoreError as error:
            return str(error)
        return self._probe.why_not_writable()

    def _why_not_said(self) -> str:
        asleep = health.silence(self._courier.looked_ago, "the courier has not looked for what is due")
        before = self._clock() - STUCK
        if asleep or self._courier.refused or before < self._began_at:
            return asleep
        stuck = self._probe.stuck(before)
        if stuck is None:
            return ""
        return (
            f"nothing has been said in {stuck.lane} since {stuck.since:%H:%M} UTC, though something is due: see the log"
        )

    def _nudge(self, lanes: Sequence[str]) -> None:
        if lanes:
            self._courier.nudge(lanes)

    def _alarm(self, sentence: str) -> None:
        """Tell the operators, without the outbox: it may be what is in trouble."""
        channel = self._knowledge.rules.operator_channel
        if channel:
            tell(self._client, channel, sentence)

    def _tick(self) -> None:
        failures = 0
        while not self._stopping.wait(TICK):
            try:
                self.do_due()
                failures = 0
            except StoreError as error:
                failures += 1
                log.warning("what is due has to wait: %s", error)
                if not failures % WORRYING:  # though no customer may have written to us yet
                    self._alarms.sound("store", f"Nothing can be stored: {error}", every=timedelta(minutes=10))
            except Exception:
                log.exception("what is due could not be done")
