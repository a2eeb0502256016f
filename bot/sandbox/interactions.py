"""Presses, commands, modals' submissions: their payloads, trigger ids and response URLs, and what the answers do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from bot.sandbox.delivery import Answer, Deliveries, Delivery
from bot.sandbox.limits import Refused, checked_suggestions, checked_view
from bot.sandbox.messages import Message, View
from bot.sandbox.passes import Passes, ResponseUrl
from bot.sandbox.payloads import message_json
from bot.sandbox.seed import APP_ID, Person
from bot.sandbox.shown import Control
from bot.sandbox.state import Room, Workspace
from bot.sandbox.views import Views, values_of
from bot.sandbox.wire import Json, new_id

TROUBLE = "We had some trouble connecting. Try again?"
LEAST_QUERY = 3  # docs.slack.dev/reference/block-kit/block-elements/select-menu-element


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that a person did and the app did not answer in time; Slack shows them that it failed."""

    person: str
    what: str
    reason: str
    channel: str | None = None
    message_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the app offers for a menu that it fills itself: groups of options, and why there are none, if it failed."""

    groups: tuple[Json, ...] = ()
    trouble: str = ""

    @property
    def options(self) -> tuple[Json, ...]:
        """All the options, in order."""
        return tuple(option for group in self.groups for option in group["options"])


class Interactions:
    """Sends what people do with buttons, commands and modals, and acts on the app's answers."""

    def __init__(
        self,
        workspace: Workspace,
        deliveries: Deliveries,
        views: Views,
        passes: Passes,
        *,
        token: str,
    ) -> None:
        """`token` is the old verification token that payloads still carry."""
        self._workspace = workspace
        self._deliveries = deliveries
        self._views = views
        self._passes = passes
        self._token = token
        self.failures: list[Failure] = []
        # Showing an answer is the Web API's business, which is built later and on top of this.
        self.respond: Callable[[ResponseUrl, Json], None] = lambda _url, _answer: None

    def forget(self) -> None:
        """Forget what failed."""
        with self._workspace.changing():
            self.failures.clear()

    def press(self, person: Person, message: Message, control: Control) -> None:
        """Send the press of a control in a message, or the choice of one of its options."""
        workspace = self._workspace
        room = workspace.rooms[message.channel]
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": room.id,
            "is_ephemeral": message.only_for is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        payload = self._payload("block_actions", person) | {
            "container": container,
            "channel": _channel_json(room),
            "state": {"values": {}},
            "response_url": self._response_url("actions", person, room, message),
            "actions": [self._action(control)],
        }
        # Slack leaves the message out where only one person can see it.
        if message.only_for is None:
            payload["message"] = message_json(workspace, message)
        failure = Failure(person.id, f"the press of {control.label!r}", "", room.id, message.ts)
        self._send("block_actions", payload, failure)

    def press_in_view(self, person: Person, view: View, control: Control, values: Json) -> None:
        """Send the press of a control in a modal or on the Home tab, with what is filled in so far."""
        state = {"values": self._filled(view, values, sending=False)}
        payload = self._payload("block_actions", person) | {
            "container": {"type": "view", "view_id": view.id},
            "view": view.body | {"state": state},
            "state": state,
            "actions": [self._action(control)],
        }
        self._send("block_actions", payload, Failure(person.id, f"the press of {control.label!r}", ""))

    def suggest(self, person: Person, view: View, block: Json, query: str) -> Suggestions:
        """Ask the app for the options of a menu in a view, and wait for them.

        Raises ValueError for what Slack's client would not ask.
        """
        element = block["element"]
        least = int(element.get("min_query_length", LEAST_QUERY))
        if len(query) < least:
            raise ValueError(f"Slack's client does not ask the app before {least} characters are typed")
        payload = self._payload("block_suggestion", person, trigger=False) | {
            "container": {"type": "view", "view_id": view.id},
            "view": view.body,
            "block_id": block["block_id"],
            "action_id": element["action_id"],
            "value": query,
        }
        failure = Failure(person.id, f"the options of {block['label'].get('text')!r}", "")
        ended = self._deliveries.ended(self._send("block_suggestion", payload, failure))
        if ended is None or not ended.acked:
            return Suggestions(trouble="The bot did not answer in time.")
        try:
            groups = checked_suggestions(ended.answer)
        except Refused as refused:
            self._workspace.warn(f"answer to a search for options: {refused}")
            return Suggestions(trouble="The bot's answer was not in Slack's shape.")
        suggestions = Suggestions(groups)
        self._views.offer(view.id, block["block_id"], element["action_id"], suggestions.options)
        return suggestions

    def command(self, person: Person, room: Room, command: str, text: str) -> None:
        """Send a slash command. The answer in the acknowledgement is shown like one to the response URL."""
        key = self._passes.response_key(person, room, None)
        payload = {
            "token": self._token,
            "team_id": self._workspace.seed.team_id,
            "team_domain": self._workspace.seed.team_domain,
            "channel_id": room.id,
            "channel_name": _channel_json(room)["name"],
            "user_id": person.id,
            "user_name": person.name,
            "command": command,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._url("commands", key),
            "trigger_id": self._passes.trigger(person),
        }

        def answered(answer: Answer) -> None:
            if answer:
                body = answer if isinstance(answer, dict) else {"text": answer}
                self._shown(
                    lambda: self.respond(ResponseUrl(person.id, room.id, until=0.0), body), f"answer to {command}"
                )

        self._send(command, payload, Failure(person.id, command, "", room.id), answered=answered)

    def message_shortcut(self, person: Person, message: Message, callback_id: str) -> None:
        """Send the choice of a shortcut in a message's menu."""
        room = self._workspace.rooms[message.channel]
        payload = self._shortcut("message_action", person, callback_id, "name") | {
            "message_ts": message.ts,
            "message": message_json(self._workspace, message),
            "channel": _channel_json(room),
            "response_url": self._response_url("app", person, room, message),
        }
        self._send("message_action", payload, Failure(person.id, callback_id, "", room.id))

    def global_shortcut(self, person: Person, callback_id: str) -> None:
        """Send the choice of a shortcut that belongs to no message."""
        payload = self._shortcut("shortcut", person, callback_id, "username")
        self._send("shortcut", payload, Failure(person.id, callback_id, ""))

    def submit(self, person: Person, view: View, values: Json) -> None:
        """Send a filled-in modal and do what the acknowledgement says. Raises as `values_of` does."""
        if not view.body["submit"]:
            raise LookupError(f"the modal {view.title!r} has no button to send it with")
        body = view.body | {"state": {"values": self._filled(view, values)}}
        payload = self._payload("view_submission", person) | {"view": body, "response_urls": []}

        def answered(answer: Answer) -> None:
            self._shown(lambda: self._act_on(view, answer), "answer to a submission")

        failure = Failure(person.id, f"the form {view.title!r}", "")
        self._send("view_submission", payload, failure, answered=answered, view=view)

    def close_view(self, person: Person, view: View, *, all_of_them: bool = False) -> None:
        """Close a modal, by its cross or with the whole stack, and tell the app if it asked for that."""
        if all_of_them or view.body["clear_on_close"]:
            self._views.clear(person.id)
        else:
            self._views.close(view)
        if view.body["notify_on_close"]:
            payload = self._payload("view_closed", person, trigger=False)
            payload |= {"view": view.body, "is_cleared": all_of_them}
            self._send("view_closed", payload, Failure(person.id, "closing a form", ""))

    def _filled(self, view: View, values: Json, *, sending: bool = True) -> Json:
        """What is filled in, with people by their ids, whatever they were named by."""
        filled = values_of(view.blocks, values, sending=sending, suggested=view.suggested)
        for state in (state for actions in filled.values() for state in actions.values()):
            if state.get("selected_user"):
                state["selected_user"] = self._workspace.person(state["selected_user"]).id
            if state.get("selected_users"):
                state["selected_users"] = [self._workspace.person(one).id for one in state["selected_users"]]
        return filled

    def _send(
        self,
        name: str,
        payload: Json,
        failure: Failure,
        *,
        answered: Callable[[Answer], None] | None = None,
        view: View | None = None,
    ) -> str:
        def failed(reason: str) -> None:
            self._fail(replace(failure, reason=reason), view)

        kind: Literal["command", "interaction"] = "command" if name.startswith("/") else "interaction"
        delivery = Delivery(new_id("In"), kind, name, payload)
        self._deliveries.send(delivery, acked=answered, failed=failed)
        return delivery.id

    def _fail(self, failure: Failure, view: View | None) -> None:
        workspace = self._workspace
        with workspace.changing():
            self.failures.append(failure)
            del self.failures[:-500]
            if view:
                self._views.tell(view, trouble=TROUBLE)
            elif failure.what.startswith("/") and failure.channel:
                room = workspace.rooms[failure.channel]
                error = "operation_timeout" if failure.reason.endswith("timeout") else "dispatch_failed"
                workspace.from_slackbot(room, failure.person, f'{failure.what} failed with the error "{error}"')

    def _shown(self, act: Callable[[], None], what: str) -> None:
        try:
            act()
        except Refused as refused:
            self._workspace.warn(f"{what}: {refused}")

    def _act_on(self, view: View, answer: Answer) -> None:
        action = answer if isinstance(answer, dict) else {}
        try:
            self._changed(view, action)
        except Refused:
            self._views.tell(view, trouble=TROUBLE)
            raise

    def _changed(self, view: View, action: Json) -> None:
        match action.get("response_action"):
            case "errors":
                self._views.tell(view, errors=_errors(view, action.get("errors")))
            case "update":
                self._views.update(view, checked_view(action.get("view")))
            case "push":
                if not self._views.push(view.person, checked_view(action.get("view"))):
                    raise Refused("push_limit_reached")
            case "clear":
                self._views.clear(view.person)
            case None:
                self._views.close(view)
            case unknown:
                raise Refused(f"unknown response_action {unknown!r}")

    def _payload(self, kind: str, person: Person, *, trigger: bool = True) -> Json:
        team = self._workspace.seed.team_id
        payload: Json = {
            "type": kind,
            "user": {
                "id": person.id,
                "username": person.name,
                "name": person.name,
                "team_id": person.team or team,
            },
            "api_app_id": APP_ID,
            "token": self._token,
            "team": {"id": team, "domain": self._workspace.seed.team_domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }
        return payload | ({"trigger_id": self._passes.trigger(person)} if trigger else {})

    def _shortcut(self, kind: str, person: Person, callback_id: str, handle: str) -> Json:
        payload = self._payload(kind, person)
        del payload["api_app_id"]  # Slack tells it of all interactions but these
        user = {"id": person.id, handle: person.name, "team_id": person.team or self._workspace.seed.team_id}
        return payload | {"user": user, "callback_id": callback_id, "action_ts": self._workspace.next_ts()}

    def _action(self, control: Control) -> Json:
        action: Json = {
            "type": control.type,
            "action_id": control.action_id,
            "block_id": control.block_id,
            "action_ts": self._workspace.next_ts(),
        }
        if control.type == "feedback_buttons":
            return action | {"value": control.value, "text": (control.option or {}).get("text")}
        if control.option is not None:
            many = control.type in ("checkboxes", "multi_static_select")
            return action | ({"selected_options": [control.option]} if many else {"selected_option": control.option})
        return action | {
            name: control.element[name] for name in ("text", "value", "style", "url") if name in control.element
        }

    def _response_url(self, kind: str, person: Person, room: Room, message: Message | None) -> str:
        return self._url(kind, self._passes.response_key(person, room, message))

    def _url(self, kind: str, key: str) -> str:
        return f"{self._workspace.url}/{kind}/{self._workspace.seed.team_id}/{key}"


def _channel_json(room: Room) -> Json:
    name = {"dm": "directmessage", "private": "privategroup", "channel": room.name}[room.kind]
    return {"id": room.id, "name": name}


def _errors(view: View, errors: object) -> Json:
    known = [block.get("block_id") for block in view.blocks if block.get("type") == "input"]
    if not isinstance(errors, dict) or not errors or set(errors) - set(known):
        raise Refused("errors must be an object from the block_ids of inputs to texts", [f"got {errors!r}"])
    return errors
