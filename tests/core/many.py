"""Many people at one desk, without a store: what each decides about the others, folded and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.audience import Person
from bot.core.beside import Beside, Other
from bot.core.case import Case
from bot.core.chapters import chapters
from bot.core.deciding import decide
from bot.core.events import BOT, Event
from bot.core.forms import FormKind
from bot.core.joining.gathering import gathered, needs
from bot.core.knowledge import Knowledge
from bot.core.rulebook.rules import Duplicates, SameUser, Surge
from bot.core.saying import FromSpecialist, Line, Post, Said, Where, Words
from bot.core.scene import Scene, Surroundings
from bot.core.stimuli import (
    OPENS_FORM,
    AnyStimulus,
    Command,
    Message,
    Place,
    Press,
    PressKind,
    Submission,
    Undeliverable,
)
from tests.core.situations import DESK, NOON, TEAM, with_rules

HOUR = timedelta(hours=1)
SURGES = with_rules(
    duplicates=Duplicates(SameUser(HOUR, 0.8), Surge(3, timedelta(minutes=20), 0.78)), failed_attempts=1
)


@dataclass(slots=True)
class Floor:
    """Everybody's cases by id, their logs with words, and all that was said, newest last."""

    knowledge: Knowledge = SURGES
    now: datetime = NOON
    cases: dict[str, Case] = field(default_factory=dict)
    logs: dict[str, list[tuple[int, Event]]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    ids: int = 0

    def write(self, user: str, text: str, *, channel: str = "", thread_ts: str = "", after: float = 10) -> list[Event]:
        """In their own DM, or where it is said. Returns what was added to all the logs, this person's last."""
        self.now += timedelta(seconds=after)
        ts, where = f"{self.now.timestamp():.6f}", channel or f"D{user}"
        message = Message(
            key=f"m:{ts}:{user}", team=TEAM, user=user, channel=where, ts=ts, text=text, direct=not channel,
            thread_ts=thread_ts or None, parent_user=user, mentions_us=bool(channel),
        )  # fmt: skip
        place = Place(TEAM, where, thread_ts or ("" if not channel else ts), user)
        here = [case for case in self.cases.values() if case.place == place and case.is_open]
        return self._decide(here[0] if here else Case(self._fresh(), place), message, user)

    def press(
        self, user: str, kind: PressKind, case: str, *, groups: Sequence[str] = (), position: int = 0
    ) -> list[Event]:
        self.now += timedelta(seconds=10)
        pressed = Press(
            key=f"p:{self.now}", team=TEAM, user=user, kind=kind, channel=DESK, message_ts="1.0", case=case,
            position=position, view="V1" if kind in OPENS_FORM else "",
        )  # fmt: skip
        return self._decide(self.cases[case], pressed, user, groups=groups)

    def send(self, user: str, form: FormKind, case: str, /, **values: str) -> list[Event]:
        self.now += timedelta(seconds=10)
        sent = Submission(
            key=f"v:{self.now}", team=TEAM, user=user, form=form, view="V1", values=tuple(values.items()), case=case,
            channel=DESK, thread_ts="1.0",
        )  # fmt: skip
        return self._decide(self.cases[case], sent, user)

    def at_card(self, user: str, case: str, text: str) -> list[Event]:
        self.now += timedelta(seconds=10)
        ts = f"{self.now.timestamp():.6f}"
        message = Message(
            key=f"m:{ts}", team=TEAM, user=user, channel=DESK, ts=ts, text=text, thread_ts="1.0", opens_with_us=True
        )
        return self._decide(self.cases[case], message, user, at_card=True)

    def report(self, stimulus: Undeliverable) -> list[Event]:
        return self._decide(self.cases[stimulus.case], stimulus, BOT)

    def command(self, user: str, text: str, *, channel: str = DESK) -> list[Event]:
        self.now += timedelta(seconds=10)
        ordered = Command(
            key=f"c:{self.now}", team=TEAM, user=user, channel=channel, text=text, response_url="http://r"
        )
        return self._decide(Case(self._fresh(), Place(TEAM, f"@{user}", "pending:", user)), ordered, user)

    # --- looking ------------------------------------------------------------------------------------------------------

    def of(self, user: str) -> Case:
        """This person's last case."""
        return [case for case in self.cases.values() if case.place.requester == user][-1]

    @property
    def incidents(self) -> list[Case]:
        return [case for case in self.cases.values() if case.incident is not None]

    def lines(self, where: Where) -> list[str]:
        """What was said there in sentences of ours."""
        posts = [said.saying for said in self.said if isinstance(said.saying, Post) and said.saying.where == where]
        return [post.content.text for post in posts if isinstance(post.content, Line)]

    def from_specialists(self, where: Where) -> list[str]:
        """The words of specialists that were said there."""
        posts = [said.saying for said in self.said if isinstance(said.saying, Post) and said.saying.where == where]
        return [self.words(post.content.words) for post in posts if isinstance(post.content, FromSpecialist)]

    def words(self, ref: Words) -> str:
        return next(str(getattr(event, "words", "")) for at, event in self.logs[ref.case] if at == ref.position)

    # --- deciding -----------------------------------------------------------------------------------------------------

    def _decide(
        self, case: Case, stimulus: AnyStimulus, user: str, *, at_card: bool = False, groups: Sequence[str] = ()
    ) -> list[Event]:
        earlier = tuple(self.words(Words(case.id, at)) for at in case.asked) if case.state == "open" else ()
        person = Person(user, TEAM, groups=frozenset(groups))
        around = Surroundings(person, self._fresh(), at_card=at_card, earlier_words=earlier)
        scene = Scene(case, around, self.knowledge, self.now)
        events = decide(case, stimulus, around, self.knowledge, self.now)
        found = gathered(scene, stimulus, events, self._beside(scene, stimulus, events))
        added: list[Event] = []
        for other in found.elsewhere:
            added += self._add(other.case, other.events)
        return added + self._add(case, found.events)

    def _beside(self, scene: Scene, stimulus: AnyStimulus, events: Sequence[Event]) -> Beside:
        needed = needs(events, self.knowledge.rules)
        every = [self._other(case) for case in reversed(self.cases.values()) if case.id != scene.case.id]
        mine = scene.case.place.requester
        named = stimulus.value("case").upper() if isinstance(stimulus, Submission) else ""
        incident = scene.case.incident
        return Beside(
            own=tuple(o for o in every if o.case.place.requester == mine and o.case.with_people and "own" in needed),
            others=tuple(o for o in every if o.case.with_people and not o.case.incident and "others" in needed),
            incidents=tuple(o for o in every if o.case.incident and o.case.is_open and "incidents" in needed),
            named=self.cases.get(named) if "named" in needed else None,
            members=tuple(self.cases[member.case] for member in incident.members) if incident else (),
            fresh=self._fresh(),
        )

    def _other(self, case: Case) -> Other:
        refs = (
            case.incident.about
            if case.incident
            else tuple(Words(case.id, at) for at in case.asked or (case.question,) if at)
        )
        return Other(case, tuple(self.words(ref) for ref in refs))

    def _add(self, case: Case, events: Sequence[Event]) -> list[Event]:
        for chapter in chapters(case, events, self.knowledge, self.logs.get(case.id, ())):
            self.said += chapter.said
            if chapter.after.state == "new":
                continue
            self.cases[chapter.after.id] = chapter.after
            log = self.logs.setdefault(chapter.after.id, [])
            log += enumerate(chapter.events, start=chapter.before.version + 1)
        return list(events)

    def _fresh(self) -> str:
        self.ids += 1
        return f"T{self.ids:07}"
