"""Who and what a rules file names, as a workspace to play in: every channel, every group, and people for every part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, count

from bot.core.rulebook.rules import Queue, Rules
from bot.sandbox.seed import Channel, Person, Seed, Usergroup

CUSTOMERS = (
    Person("U0ALICE0001", "alice", "Alice Berg", "alice@example.com", title="Colleague in Sales"),
    Person("U0BRUNO0001", "bruno", "Bruno Sato", "bruno@customer.example.com", title="Customer (guest)", guest=True),
    Person("U0CHIARA001", "chiara", "Chiara Novak", "chiara@example.com", title="Colleague in Finance"),
)
NAMES = (
    "Dana Reyes", "Emil Okafor", "Farah Lindqvist", "Goran Petrov", "Hana Mori", "Ivo Castell", "Jana Whitfield",
    "Kofi Mensah", "Lena Brandt", "Mateo Silva", "Nadia Rahman", "Oskar Dahl", "Petra Vance", "Quinn Abara",
    "Amara Boyd", "Bela Fischer", "Cleo Santos", "Dario Engel", "Edda Nilsen", "Felix Osei", "Gita Rao", "Henrik Lund",
    "Imani Clarke", "Jonas Weber", "Kira Dolan", "Luca Ferri", "Mina Aoki", "Noel Baptiste", "Orla Byrne", "Pavel Zima",
    "Rosa Timm", "Samir Haddad", "Tilda Kors", "Uma Prasad", "Vito Marchetti", "Wanda Kim",
)  # fmt: skip


def workspace_for(rules: Rules) -> Seed:
    """Return the workspace. People whose id the rules do not give get one, so that every queue has two to play."""
    cast = _Cast(rules)
    for group_id, group in rules.groups.items():
        for user in group.users:
            cast.add(user, title=cast.part_of(group_id), email=_address(user, group.email_domains))
        if group.usergroup and group.usergroup not in cast.usergroups:
            cast.usergroups[group.usergroup] = tuple(cast.invented(group_id) for _ in range(2))
        if group.email_domains and not group.users and not group.usergroup:
            cast.invented(group_id, email_domain=group.email_domains[0])
    for queue in rules.queues.values():
        for member in queue.members:
            if member not in rules.groups:
                cast.add(member, title=queue.role)
        while len(cast.members(queue)) < 2:  # noqa: PLR2004  two, so that they can reach for the same case
            cast.extra.setdefault(queue.id, []).append(cast.invented(queue.id, title=queue.role))
    return Seed(
        people=(*CUSTOMERS, *cast.people.values()),
        channels=tuple(cast.channels()),
        usergroups=tuple(
            Usergroup(usergroup, re.sub(r"^s0", "", usergroup.lower()), users)
            for usergroup, users in cast.usergroups.items()
        ),
    )


class _Cast:
    """The people as they are being found."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._numbers = count(1)
        self.people: dict[str, Person] = {}
        self.usergroups: dict[str, tuple[str, ...]] = {}
        self.extra: dict[str, list[str]] = {}

    def add(self, user: str, *, title: str, email: str = "") -> None:
        if user in self.people or any(user == customer.id for customer in CUSTOMERS):
            return
        known = len(self.people)
        real_name = NAMES[known % len(NAMES)] + (f" {known // len(NAMES) + 1}" if known >= len(NAMES) else "")
        handle = real_name.lower().replace(" ", ".")
        self.people[user] = Person(user, handle, real_name, email or f"{handle}@example.com", title=title)

    def invented(self, part: str, *, title: str = "", email_domain: str = "") -> str:
        user = f"U0PLAYER{next(self._numbers):03d}"
        email = f"{user.lower()}@{email_domain}" if email_domain else ""
        self.add(user, title=title or self.part_of(part), email=email)
        return user

    def part_of(self, group: str) -> str:
        """What a group's people do: the role of the queue they belong to, else the group's own name."""
        role = next((queue.role for queue in self._rules.queues.values() if group in queue.members), "")
        return role or group.replace("_", " ").capitalize()

    def members(self, queue: Queue) -> list[str]:
        found: list[str] = []
        for member in queue.members:
            group = self._rules.groups.get(member)
            found += [*group.users, *self.usergroups.get(group.usergroup or "", ())] if group else [member]
        return list(dict.fromkeys([*found, *self.extra.get(queue.id, [])]))

    def channels(self) -> Iterator[Channel]:
        """Queues' channels hold their members; the others hold everybody."""
        everybody = (*(customer.id for customer in CUSTOMERS), *self.people)
        staff = tuple(self.people)
        names: set[str] = set()
        by_id: dict[str, tuple[str, tuple[str, ...], bool]] = {}
        for channel in self._rules.channels:
            by_id[channel] = (re.sub(r"^[a-z]0", "", channel.lower()), everybody, False)
        for queue in self._rules.queues.values():
            name = f"tier{queue.tier}-{queue.role}"
            members = (*self.members(queue), *by_id.get(queue.channel, ("", (), False))[1])
            by_id[queue.channel] = (name, tuple(dict.fromkeys(members)), queue.private)
        for named, name in (
            (self._rules.operator_channel, "support-operators"),
            (self._rules.editors_channel, "support-editors"),
            (self._rules.digest.channel, "support-digest"),
        ):
            if named and named not in by_id:
                by_id[named] = (name, staff, False)
        for channel, (name, members, private) in by_id.items():
            yield Channel(channel, _unique(_handle(name), names), members, private)


def _handle(name: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-")[:70] or "channel"


def _unique(name: str, taken: set[str]) -> str:
    numbered = (f"{name}-{number}" for number in count(2))
    unique = next(free for free in chain([name], numbered) if free not in taken)
    taken.add(unique)
    return unique


def _address(user: str, domains: tuple[str, ...]) -> str:
    return f"{user.lower()}@{domains[0]}" if domains else ""
