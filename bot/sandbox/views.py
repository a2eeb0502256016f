"""Modals and Home tabs: each person's stack of open views, hashes, and what people fill in."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.sandbox.messages import View
from bot.sandbox.seed import APP_ID, BOT_ID
from bot.sandbox.state import Workspace
from bot.sandbox.wire import Json, new_id

MOST_IN_STACK = 3
_KEPT = ("callback_id", "private_metadata", "external_id", "clear_on_close", "notify_on_close", "submit_disabled")
_OPTIONS = ("static_select", "radio_buttons", "external_select")
_MANY = ("checkboxes", "multi_static_select", "multi_external_select")
EXTERNAL = ("external_select", "multi_external_select")
_PICKED = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
}


@dataclass(slots=True)
class _Shelf:
    stack: list[View] = field(default_factory=list)
    home: View | None = None


class Views:
    """Every person's open modals, the one on top last, and Home tab."""

    def __init__(self, workspace: Workspace) -> None:
        """Start with nothing open."""
        self._workspace = workspace
        self._shelves: dict[str, _Shelf] = {}

    def forget(self) -> None:
        """Close everything without telling anybody."""
        with self._workspace.changing():
            self._shelves.clear()

    def stack(self, person: str) -> tuple[View, ...]:
        """The open modals, the one on top last."""
        with self._workspace.changed:
            return tuple(self._shelf(person).stack)

    def home(self, person: str) -> View | None:
        """The Home tab, if the app has published one."""
        with self._workspace.changed:
            return self._shelf(person).home

    def find(self, view_id: str) -> View | None:
        """The open modal or Home tab with that id or external id."""
        with self._workspace.changed:
            for shelf in self._shelves.values():
                for view in [*shelf.stack, *([shelf.home] if shelf.home else [])]:
                    if view_id in (view.id, view.body["external_id"] or None):
                        return view
        return None

    def open(self, person: str, body: Json) -> View:
        """Show a modal; whatever this person had open before is gone."""
        with self._workspace.changing():
            view = self._new(person, body)
            self._shelf(person).stack[:] = [view]
            return view

    def push(self, person: str, body: Json) -> View | None:
        """Show a modal on top of the open ones; None where the stack is full."""
        with self._workspace.changing():
            stack = self._shelf(person).stack
            if len(stack) >= MOST_IN_STACK:
                return None
            view = self._new(person, body, below=stack[-1] if stack else None)
            stack.append(view)
            return view

    def publish(self, person: str, body: Json) -> View:
        """Show a Home tab; its id stays the same from then on."""
        with self._workspace.changing():
            shelf = self._shelf(person)
            shelf.home = self._new(person, body) if shelf.home is None else self._changed(shelf.home, body)
            return shelf.home

    def update(self, view: View, body: Json) -> View:
        """Show something else in the place of an open view."""
        with self._workspace.changing():
            return self._replace(self._changed(view, body))

    def tell(self, view: View, *, errors: Mapping[str, str] | None = None, trouble: str | None = None) -> None:
        """Show errors at the inputs, or trouble at the top, of an open view."""
        with self._workspace.changing():
            now = self.find(view.id)  # the app may have updated it meanwhile
            if now:
                self._replace(replace(now, errors=dict(errors or {}), trouble=trouble))

    def offer(self, view_id: str, block_id: str, action_id: str, options: Sequence[Json]) -> None:
        """Keep what the app suggested for a menu of an open view, beside what it suggested before."""
        with self._workspace.changed:
            view = self.find(view_id)
            if view:
                place = (block_id, action_id)
                known = {option["value"]: option for option in (*view.suggested.get(place, ()), *options)}
                self._replace(replace(view, suggested={**view.suggested, place: tuple(known.values())}))

    def close(self, view: View) -> None:
        """Close one modal; the one below shows again."""
        with self._workspace.changing():
            stack = self._shelf(view.person).stack
            stack[:] = [one for one in stack if one.id != view.id]

    def clear(self, person: str) -> None:
        """Close all modals of one person."""
        with self._workspace.changing():
            self._shelf(person).stack.clear()

    def _shelf(self, person: str) -> _Shelf:
        return self._shelves.setdefault(person, _Shelf())

    def _replace(self, view: View) -> View:
        shelf = self._shelf(view.person)
        shelf.stack[:] = [view if one.id == view.id else one for one in shelf.stack]
        if shelf.home and shelf.home.id == view.id:
            shelf.home = view
        return view

    def _new(self, person: str, body: Json, below: View | None = None) -> View:
        view_id = new_id("V")
        root = below.body["root_view_id"] if below else view_id
        full = self._full(body) | {"id": view_id, "root_view_id": root, "previous_view_id": below.id if below else None}
        return View(view_id, person, full, names=self._workspace.names)

    def _changed(self, view: View, body: Json) -> View:
        kept = {name: view.body[name] for name in ("id", "root_view_id", "previous_view_id")}
        full = self._full(body) | kept
        return View(view.id, view.person, full, suggested=view.suggested, names=self._workspace.names)

    def _full(self, body: Json) -> Json:
        stamp = self._workspace.next_ts()
        kept = {name: body[name] for name in _KEPT if name in body}
        return {
            "type": body["type"],
            "team_id": self._workspace.seed.team_id,
            "title": body.get("title"),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "blocks": body["blocks"],
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "state": {"values": values_of(body["blocks"], {}, sending=False)},
            "hash": f"{stamp.partition('.')[0]}.{hashlib.sha256(stamp.encode()).hexdigest()[:8]}",
            "app_id": APP_ID,
            "app_installed_team_id": self._workspace.seed.team_id,
            "bot_id": BOT_ID,
        } | kept


def searched(view: View, wanted: str) -> Json:
    """The input of a view whose menu the app fills itself, by its block_id, action_id or label. Raises LookupError."""
    known: list[str] = []
    for block in view.blocks:
        element = block.get("element") if block.get("type") == "input" else None
        if isinstance(element, dict) and element["type"] in EXTERNAL:
            label = str(block["label"].get("text", ""))
            if wanted in (block["block_id"], element["action_id"], label):
                return block
            known.append(repr(label))
    raise LookupError(
        f"{view.title!r} has no {wanted!r} to search in; it has {', '.join(known) or 'nothing of the kind'}"
    )


def values_of(
    blocks: Sequence[Json],
    given: Mapping[str, object],
    *,
    sending: bool = True,
    suggested: Mapping[tuple[str, str], Sequence[Json]] | None = None,
) -> Json:
    """`state.values` of a view: what was filled in, else what the app had put there.

    `given` names an input by its block_id, action_id or label, or is in the shape of `state.values` already. Its
    values are texts, the value or text of an option, or lists of those; None empties an input. Of a menu that the app
    fills itself, the options are those that it has `suggested`, by block id and action id.
    Raises LookupError for an input that the view does not have, ValueError for what Slack's client would not send.
    """
    known: set[str] = set()
    values: Json = {}
    for block in blocks:
        element = block.get("element") if block.get("type") == "input" else None
        if not isinstance(element, dict):
            continue
        names = (block["block_id"], element["action_id"], str(block["label"].get("text", "")))
        known.update(names)
        filled = [given[name] for name in names if name in given]
        offered = (suggested or {}).get((block["block_id"], element["action_id"]), ())
        state = _state(element, filled[0] if filled else _initial(element), offered)
        if sending:
            _refuse_unsendable(block, element, state)
        values[block["block_id"]] = {element["action_id"]: state}
    strange = set(given) - known
    if strange:
        raise LookupError(f"the view has no input {', '.join(sorted(strange))}; it has {', '.join(sorted(known))}")
    return values


def _initial(element: Json) -> object:
    for name in ("value", "date", "time", "date_time", "user", "users", "channel", "channels"):
        if f"initial_{name}" in element:
            return element[f"initial_{name}"]
    for name in ("initial_option", "initial_options", "initial_conversation", "initial_conversations"):
        if name in element:
            return element[name]
    return None


def _state(element: Json, value: object, offered: Sequence[Json]) -> Json:
    kind = str(element["type"])
    if isinstance(value, dict) and element["action_id"] in value:
        value = value[element["action_id"]]
    if isinstance(value, dict) and "type" in value and value["type"] == kind:
        if kind not in EXTERNAL:
            return value
        value = value.get("selected_options" if kind in _MANY else "selected_option")
    if kind in _OPTIONS:
        return {"type": kind, "selected_option": _option(element, value, offered)}
    if kind in _MANY:
        chosen = value if isinstance(value, list | tuple) else [] if value is None else [value]
        return {"type": kind, "selected_options": [_option(element, one, offered) for one in chosen]}
    return {"type": kind, _PICKED.get(kind, "value"): value or None}


def _option(element: Json, value: object, offered: Sequence[Json]) -> Json | None:
    if value is None:
        return None
    if element["type"] in EXTERNAL:
        return _suggested(element, value, offered)
    if isinstance(value, dict):
        return value
    groups = [option for group in element.get("option_groups", []) for option in group["options"]]
    options = [*element.get("options", []), *groups]
    for option in options:
        if value in (option.get("value"), option["text"]["text"]):
            return {"text": option["text"], "value": option.get("value")}
    known = ", ".join(repr(option["text"]["text"]) for option in options)
    raise LookupError(f"there is no option {value!r}; there are {known}")


def _suggested(element: Json, value: object, offered: Sequence[Json]) -> Json:
    initial = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    known = {option["value"]: option for option in [*initial, *offered]}
    wanted = value.get("value") if isinstance(value, dict) else value
    for option in known.values():
        if wanted in (option["value"], option["text"]["text"]):
            return {"text": option["text"], "value": option["value"]}
    titles = ", ".join(repr(option["text"]["text"]) for option in known.values())
    raise LookupError(f"the app has not suggested {wanted!r}; it has suggested {titles or 'nothing yet'}")


def _refuse_unsendable(block: Json, element: Json, state: Json) -> None:
    content = next((value for name, value in state.items() if name != "type"), None)
    label = block["label"].get("text")
    if not content and not block.get("optional"):
        raise ValueError(f"{label!r} is empty: Slack's client does not send the form without it")
    if isinstance(content, str):
        least, most = int(element.get("min_length", 0)), int(element.get("max_length", 3000))
        if content and not least <= len(content) <= most:
            raise ValueError(f"{label!r} must have {least} to {most} characters: Slack's client does not send it")
