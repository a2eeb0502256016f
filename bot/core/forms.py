"""A form as data: what is asked in it, and what it is about. Drawn in Slack as a modal, read back as a `Submission`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FormKind = Literal[
    "reply", "send_entry", "transfer", "escalate", "resolve", "duplicate", "flag", "comment", "details", "status",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """One field. `name` is what its value is read back by, `label` what people read, `hint` stands beneath.

    `kind`: one `line`, a `text` of several, one `choice` of `choices` (value, label), an `entry` of the knowledge base
    that is searched for, or a `person`. `initial` is filled in already: a text of ours, or the value of a choice.
    """

    name: str
    label: str
    kind: Literal["line", "text", "choice", "entry", "person"]
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True
    initial: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """`lead` is a sentence above the fields, `{who}` in it the name of `who`. `send` is the word on its button.

    `choice`, `channel` and `thread_ts` come back with what was filled in: what the form stands for, and where it was
    asked for, which is where a refusal is told.
    """

    kind: FormKind
    title: str
    send: str
    asks: tuple[Ask, ...]
    lead: str = ""
    who: str = ""
    choice: str = ""
    channel: str = ""
    thread_ts: str | None = None
