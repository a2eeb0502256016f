"""What an app's manifest grants it: the scopes that methods need, the events it is told of, its shortcuts."""

from collections.abc import Collection, Mapping, Sequence

from bot.sandbox.limits import Refused
from bot.sandbox.state import Kind
from bot.sandbox.wire import Json

_HISTORY: Mapping[Kind, str] = {"channel": "channels:history", "private": "groups:history", "dm": "im:history"}
_READ: Mapping[Kind, str] = {"channel": "channels:read", "private": "groups:read", "dm": "im:read"}
_MESSAGES: Mapping[str, str] = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
_BY_KIND: Mapping[str, Mapping[Kind, str]] = {
    "conversations.history": _HISTORY,
    "conversations.replies": _HISTORY,
    "conversations.info": _READ,
    "conversations.list": _READ,
    "conversations.members": _READ,
}
_BY_METHOD: Mapping[str, str] = {
    "assistant.threads.setStatus": "chat:write",
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.join": "channels:join",
    "conversations.open": "im:write",
    "reactions.add": "reactions:write",
    "reactions.get": "reactions:read",
    "reactions.remove": "reactions:write",
    "team.info": "team:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
}
ALL_SCOPES = sorted({*_BY_METHOD.values(), *_HISTORY.values(), *_READ.values(), "app_mentions:read", "commands"})


class Granted:
    """The scopes of the bot's token, its event subscriptions and its shortcuts; None stands for all there are."""

    def __init__(
        self,
        scopes: Collection[str] | None,
        subscriptions: Collection[str] | None,
        shortcuts: Sequence[Json] | None = None,
    ) -> None:
        """`subscriptions` are named as in a manifest: `message.im`, …; `shortcuts` are its `features.shortcuts`."""
        self.scopes = ALL_SCOPES if scopes is None else sorted(scopes)
        self._limited = scopes is not None
        self._subscriptions = subscriptions
        self._any_shortcut = shortcuts is None
        self.shortcuts = tuple(shortcuts or ())

    def check(self, method: str, kind: Kind) -> None:
        """Raise Refused where the token lacks what the method needs, in a place of that kind."""
        needed = _BY_KIND[method][kind] if method in _BY_KIND else _BY_METHOD.get(method)
        if self._limited and needed and needed not in self.scopes:
            raise Refused("missing_scope", needed=needed, provided=",".join(self.scopes))

    def check_shortcut(self, kind: str, callback_id: str) -> None:
        """Raise LookupError where Slack's menus do not have that shortcut: `message` or `global`."""
        known = [one["callback_id"] for one in self.shortcuts if one["type"] == kind]
        if not self._any_shortcut and callback_id not in known:
            raise LookupError(f"the app has no {kind} shortcut {callback_id!r}; it has {', '.join(known) or 'none'}")

    def sees_emails(self) -> bool:
        """Whether e-mail addresses are in profiles."""
        return not self._limited or "users:read.email" in self.scopes

    def hears(self, event: Json) -> bool:
        """Whether the app is subscribed to the event."""
        name = _MESSAGES[event["channel_type"]] if event["type"] == "message" else event["type"]
        return self._subscriptions is None or name in self._subscriptions
