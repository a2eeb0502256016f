"""Who and what a sandbox starts with: people, channels and user groups, as plain values."""

from dataclasses import dataclass

BOT_USER = "U0TIER1BOT"
BOT_ID = "B0TIER1BOT"
APP_ID = "A0TIER1APP"
BOT_HANDLE = "tier1"
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the workspace. `name` is the handle; `team` is set for people of another workspace, `deleted` for
    those whose account is deactivated."""

    id: str
    name: str
    real_name: str
    email: str = ""
    tz: str = "Europe/Berlin"
    title: str = ""
    guest: bool = False
    bot: bool = False
    team: str | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel and the ids of the people in it; the bot comes on top."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    private: bool = False
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Usergroup:
    """A user group: `handle` is what people type after the @."""

    id: str
    handle: str
    users: tuple[str, ...] = ()


BOT = Person(id=BOT_USER, name=BOT_HANDLE, real_name="Tier 1", tz="Etc/UTC", title="Support bot", bot=True)


@dataclass(frozen=True, slots=True)
class Seed:
    """A workspace at its start. The bot is always one of the people.

    It is a member of every channel, or, if `bot_in` is given, of the channels whose ids are named there.
    Raises ValueError where an id is given twice or names nobody.
    """

    team_id: str = "T0SANDBOX1"
    team_domain: str = "sandbox"
    people: tuple[Person, ...] = ()
    channels: tuple[Channel, ...] = ()
    usergroups: tuple[Usergroup, ...] = ()
    bot_in: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse a workspace that could not exist."""
        everybody = [BOT, *self.people]
        _once("person", [person.id for person in everybody])
        _once("handle", [person.name for person in everybody])
        _once("channel", [channel.id for channel in self.channels])
        _once("channel name", [channel.name for channel in self.channels])
        _once("user group", [group.id for group in self.usergroups])
        known = {person.id for person in everybody}
        for channel in self.channels:
            _known(f"members of #{channel.name}", channel.members, known)
        for group in self.usergroups:
            _known(f"users of @{group.handle}", group.users, known)
        _known("bot_in", self.bot_in or (), {channel.id for channel in self.channels})


def _once(what: str, ids: list[str]) -> None:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ValueError(f"the seed names {what} {', '.join(twice)} more than once")


def _known(where: str, ids: tuple[str, ...], known: set[str]) -> None:
    strangers = [one for one in ids if one not in known]
    if strangers:
        raise ValueError(f"the seed's {where} names {', '.join(strangers)}, which the seed does not have")
