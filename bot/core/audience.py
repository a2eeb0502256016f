"""Who asks, and which entries they may know of. Pure; what is not visible is not answered, offered, listed or counted.

A missing profile never widens anything: nobody becomes `staff` because Slack would not say who they are; whoever reads
the payload sets `external` from the team in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.core.entries import Audience, Entry
from bot.core.rulebook.rules import Group, Rules

_SERVED = frozenset({"trial", "live"})
_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Person:
    """The requester as the house knows them; `groups` are ids of the rules' groups, see `groups_of`."""

    id: str
    team: str
    name: str = ""
    first_name: str = ""
    email: str = ""
    groups: frozenset[str] = frozenset()
    guest: bool = False
    external: bool = False  # their team, as the payload says it, is not ours
    bot: bool = False
    unread: bool = False  # Slack would not say who they are, or has not yet
    timezone: str = "UTC"
    locale: str = "en"


def groups_of(user_id: str, email: str, usergroups: Mapping[str, AbstractSet[str]], rules: Rules) -> frozenset[str]:
    """Return the ids of the rules' groups this person is in; `usergroups` maps a Slack user group to its members."""
    domain = _domain(email)
    return frozenset(id_ for id_, group in rules.groups.items() if _has(group, user_id, domain, usergroups))


def not_known_here(user_id: str, rules: Rules) -> tuple[str, ...]:
    """Of which of the groups that decide something only Slack could say whether this person is in it, in sentences."""
    told = []
    for id_, group in rules.groups.items():
        if not user_id or user_id in group.users or not (group.audience or id_ in rules.groups_asked_for):
            continue
        by = [f"the user group {group.usergroup}"] if group.usergroup else []
        by += [f"e-mail addresses at {', '.join(group.email_domains)}"] if group.email_domains else []
        if by:
            told.append(f"whether {user_id} is in `{id_}` only Slack knows, by {' and '.join(by)}: taken as no")
    return tuple(told)


def audience_of(person: Person, rules: Rules, channel: str) -> frozenset[Audience]:
    """Return what this person counts as in `channel` (a direct message's id, or "", has no rules of its own).

    First found: their first group in the rules' order that names an audience; the channel's audience; then people of
    other teams and guests are customers; everybody else is staff.
    """
    for id_, group in rules.groups.items():
        if id_ in person.groups and group.audience is not None:
            return group.audience
    of_channel = rules.channel(channel).audience
    if of_channel is not None:
        return of_channel
    return frozenset({"customer"}) if person.external or person.guest else frozenset({"staff"})


def visible(entries: Iterable[Entry], person: Person, rules: Rules, channel: str) -> frozenset[str]:
    """Return the ids of the entries that may be shown to this person in `channel`, where they asked.

    The others in a channel read along, so its own audience limits what a group would open.
    """
    of_person = audience_of(person, rules, channel)
    here = rules.channel(channel)
    return frozenset(
        entry.id
        for entry in visible_to(entries, of_person, language=here.language or _LANGUAGE)
        if (here.audience is None or entry.audience & here.audience)
        and (not here.categories or entry.category in here.categories)
        and (not entry.allow_channels or channel in entry.allow_channels)
        and channel not in entry.deny_channels
    )


class Sight:
    """What people may know of these entries, kept for everybody whom the rules treat alike.

    What it keeps is bounded by the entries and the rules: an audience is one of few, and a channel that none of them
    names is like any other.
    """

    def __init__(self, entries: Iterable[Entry], rules: Rules) -> None:
        self._entries, self._rules = tuple(entries), rules
        named = (channel for entry in self._entries for channel in (*entry.allow_channels, *entry.deny_channels))
        self._named = frozenset({*rules.channels, *named})
        self._seen: dict[tuple[frozenset[Audience], str], frozenset[str]] = {}

    def of(self, person: Person, channel: str) -> frozenset[str]:
        """Return what `visible` does."""
        place = channel if channel in self._named else ""
        alike = audience_of(person, self._rules, place), place
        seen = self._seen.get(alike)
        if seen is None:  # for two threads at the same time as well: they find the same
            seen = self._seen[alike] = visible(self._entries, person, self._rules, place)
        return seen


def visible_to(
    entries: Iterable[Entry], audience: AbstractSet[Audience], *, language: str = _LANGUAGE
) -> tuple[Entry, ...]:
    """Return the entries served to an audience in a language, wherever they are asked for."""
    return tuple(
        entry
        for entry in entries
        if entry.state in _SERVED and entry.audience & audience and _speaks(entry.language, language)
    )


def _domain(email: str) -> str:
    local, _, domain = email.rpartition("@")
    return domain.lower() if local else ""


def _has(group: Group, user_id: str, domain: str, usergroups: Mapping[str, AbstractSet[str]]) -> bool:
    # The whole domain, never its end: `notboard.example.com` and `board.example.com.evil.net` are other people's.
    return (
        user_id in group.users
        or (domain != "" and domain in {known.lower() for known in group.email_domains})
        or (group.usergroup is not None and user_id in usergroups.get(group.usergroup, frozenset()))
    )


def _speaks(language: str, wanted: str) -> bool:
    """Whether a BCP 47 tag falls under the wanted one: `en-GB` under `en` (RFC 4647, basic filtering)."""
    tag, range_ = language.lower(), wanted.lower()
    return tag == range_ or tag.startswith(range_ + "-")
