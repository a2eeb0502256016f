"""Messages, files and views as tests and the page look at them: frozen copies of one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.shown import Control, Names, controls, shown_blocks, shown_text
from bot.sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class File:
    """A file that comes with a message. `id` is given when it is said."""

    name: str
    mimetype: str = "text/plain"
    content: bytes = b""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `text` is as Slack stores it (escaped mrkdwn); `shown` is what a person reads.

    `thread_ts` is set on replies only. `edited` is the ts of the last edit. A deleted message with replies stays as
    Slack's tombstone, any other deleted one only shows where deleted ones are asked for.
    """

    ts: str
    channel: str
    user: str
    text: str
    bot_id: str | None = None
    app_id: str | None = None
    blocks: tuple[Json, ...] = ()
    thread_ts: str | None = None
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    edited: str | None = None
    deleted: bool = False
    metadata: Json | None = None
    files: tuple[File, ...] = ()
    attachments: tuple[Json, ...] = ()
    subtype: str | None = None
    client_msg_id: str | None = None
    only_for: str | None = None
    names: Names = field(default_factory=dict, repr=False, compare=False)

    @property
    def shown(self) -> str:
        """What a person reads: the blocks' words, or else the text; without labels of buttons and menus."""
        return shown_blocks(self.blocks, self.names) if self.blocks else shown_text(self.text, self.names)

    @property
    def controls(self) -> tuple[Control, ...]:
        """Everything that can be pressed or chosen."""
        return controls(self.blocks)

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons, in reading order."""
        return [control.label for control in self.controls if control.is_button]


@dataclass(frozen=True, slots=True)
class View:
    """A modal or a Home tab as one person sees it. `body` is the view as Slack keeps it.

    `errors` are what the app said about inputs (by block id), `trouble` what Slack says when the app did not answer;
    `suggested` are the options that it has suggested so far, by block id and action id.
    """

    id: str
    person: str
    body: Json
    errors: Mapping[str, str] = field(default_factory=dict)
    trouble: str | None = None
    suggested: Mapping[tuple[str, str], tuple[Json, ...]] = field(default_factory=dict)
    names: Names = field(default_factory=dict, repr=False, compare=False)

    @property
    def title(self) -> str:
        """The title of the modal; empty for a Home tab."""
        return str((self.body.get("title") or {}).get("text", ""))

    @property
    def blocks(self) -> tuple[Json, ...]:
        """The blocks, raw."""
        return tuple(self.body["blocks"])

    @property
    def callback_id(self) -> str:
        """The app's own name for the view."""
        return str(self.body.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        """What the app wrote into the view for itself."""
        return str(self.body.get("private_metadata", ""))

    @property
    def hash(self) -> str:
        """Changes with every update."""
        return str(self.body["hash"])

    @property
    def shown(self) -> str:
        """What a person reads: the title, then the blocks' words."""
        return "\n".join(piece for piece in (self.title, shown_blocks(self.blocks, self.names)) if piece)

    @property
    def controls(self) -> tuple[Control, ...]:
        """Everything that can be pressed or chosen."""
        return controls(self.blocks)

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons among the blocks, in reading order."""
        return [control.label for control in self.controls if control.is_button]
