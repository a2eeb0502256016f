"""Slack's validation: what it refuses, in which words, and what it adds to what it takes. Pure."""

import copy
import json
from collections.abc import Iterable, Iterator, Sequence

from bot.sandbox.blockkit import HOME, IN_MESSAGES, MODAL, SUGGESTED
from bot.sandbox.shapes import objects, problem
from bot.sandbox.wire import Json, dumped, new_id

MOST_TEXT = 40_000
MOST_UPDATED_BYTES = 4_000  # of an update: counted in bytes and after escaping, as those found out who ran into it
MOST_MARKDOWN = 12_000
MOST_BLOCK_TEXT = 13_200  # Slack names no number; reports put it a little above 13,200 characters
MOST_METADATA = 16_000
MOST_VIEW_BYTES = 250_000
_METADATA = {"event_type", "event_payload", "entities"}


class Refused(Exception):  # noqa: N818 - named for the fact
    """Slack says no: `error` is its code, `messages` its explanations."""

    def __init__(self, error: str, messages: Iterable[str] = (), **more: object) -> None:
        """`more` goes into the answer as it is."""
        self.error = error
        self.messages = tuple(messages)
        self.more = more
        super().__init__("; ".join([error, *self.messages]))

    def answer(self) -> Json:
        """The refusal as the Web API answers it."""
        body: Json = {"ok": False, "error": self.error, **self.more}
        if self.messages and self.error == "invalid_blocks":
            body["errors"] = list(self.messages)
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body


def checked_blocks(value: object) -> tuple[Json, ...]:
    """Blocks of a message as Slack stores them, with ids where the app gave none. Raises Refused."""
    blocks = decoded(value, "invalid_blocks_format")
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    faults = IN_MESSAGES(blocks, "/blocks") or _doubles(blocks, "/blocks")
    if faults:
        raise Refused("invalid_blocks", faults)
    if sum(block["type"] == "table" for block in blocks) > 1:
        raise Refused("invalid_attachments", ["only_one_table_allowed"])
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MOST_MARKDOWN or sum(_lengths(blocks)) > MOST_BLOCK_TEXT:
        raise Refused("msg_blocks_too_long")
    return tuple(_completed(blocks))


def checked_view(value: object, *, kind: str = "modal") -> Json:
    """A view as Slack keeps it. Raises Refused."""
    view = decoded(value, "invalid_arguments")
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", problem("must provide an object", "/view"))
    if view.get("type") != kind:
        said = f"unsupported type: {view['type']}" if "type" in view else "missing required field: type"
        raise Refused("invalid_arguments", problem(said, "/view/type" if "type" in view else "/view"))
    faults = (MODAL if kind == "modal" else HOME)(view, "/view") or _doubles(view["blocks"], "/view/blocks")
    if faults:
        raise Refused("invalid_arguments", [*problem("failed to match all allowed schemas", "/view"), *faults])
    for index, block in enumerate(view["blocks"]):
        if kind == "modal" and block["type"] == "input" and not view.get("submit"):
            said = "bolt-app must define `submit` to use an `input` block in modals"
            raise Refused("invalid_arguments", problem(said, f"/view/blocks/{index}/input"))
    if len(dumped(view).encode()) > MOST_VIEW_BYTES:
        raise Refused("view_too_large")
    return {**view, "blocks": list(_completed(view["blocks"]))}


def checked_suggestions(answer: object) -> tuple[Json, ...]:
    """Groups of options, as the app suggests them for a menu; options without a group are one group without a label.

    Raises Refused.
    """
    faults = SUGGESTED(answer, "")
    if faults or not isinstance(answer, dict):
        raise Refused("invalid_options", faults)
    if len(answer) > 1:
        raise Refused("invalid_options", ["must define either `options` or `option_groups`, not both"])
    groups = copy.deepcopy(answer.get("option_groups") or [{"label": None, "options": answer.get("options", [])}])
    _complete(groups)
    return tuple(groups)


def checked_metadata(value: object) -> Json | None:
    """The metadata of a message, or None. Raises Refused."""
    metadata = decoded(value, "invalid_metadata_format")
    if not metadata:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict) or set(metadata) - _METADATA:
        raise Refused("invalid_metadata_schema")
    if len(dumped(metadata).encode()) > MOST_METADATA:
        raise Refused("metadata_too_large")
    return copy.deepcopy(metadata)


def decoded(value: object, error: str) -> object:
    """What came as an object or, in a form, as JSON text. Raises Refused with `error` where it is no JSON."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        found: object = json.loads(value)
    except ValueError:
        raise Refused(error) from None
    return found


def _doubles(blocks: Sequence[Json], pointer: str) -> list[str]:
    faults: list[str] = []
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            faults += problem(f'`block_id` "{block_id}" already exists', f"{pointer}/{index}/block_id")
        seen |= {block_id} if block_id else set()
        actions: set[str] = set()
        for place, element in enumerate(objects(block.get("elements"))):
            action = element.get("action_id")
            if action in actions:
                where = f"{pointer}/{index}/elements/{place}/action_id"
                faults += problem(f'`action_id` "{action}" already exists', where)
            actions |= {action} if action else set()
    return faults


def _lengths(value: object) -> Iterator[int]:
    if isinstance(value, list):
        for one in value:
            yield from _lengths(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in ("text", "alt_text") and isinstance(one, str):
                yield len(one)
            else:
                yield from _lengths(one)


def _completed(blocks: Iterable[Json]) -> Iterator[Json]:
    for block in blocks:
        full = copy.deepcopy(block)
        full.setdefault("block_id", new_id("b")[:6])
        _complete(full)
        yield full


def _complete(value: object) -> None:
    if isinstance(value, list):
        for one in value:
            _complete(one)
    if not isinstance(value, dict):
        return
    match value.get("type"):
        case "plain_text":
            value.setdefault("emoji", True)
        case "mrkdwn":
            value.setdefault("verbatim", False)
        case kind if kind in _WITH_ACTION:
            value.setdefault("action_id", new_id("a")[:6])
    for one in value.values():
        _complete(one)


_WITH_ACTION = (
    *("button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker"),
    *("static_select", "external_select", "users_select", "channels_select", "conversations_select"),
    *("multi_static_select", "multi_external_select", "multi_users_select", "multi_channels_select"),
    *("multi_conversations_select", "plain_text_input", "email_text_input", "url_text_input", "number_input"),
    *("rich_text_input", "file_input", "feedback_buttons", "icon_button", "workflow_button"),
)
