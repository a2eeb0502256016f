"""The door: Bolt's payloads in, stimuli out. Nothing is acknowledged before `hear` has returned.

By default Bolt acknowledges an event before its listener runs, and Slack never sends an acknowledged event again. Here
the listener answers: 200 when the stimulus is stored or is not for us, 500 when it is not. Over HTTP Slack sends a 500
again; in Socket Mode Bolt sends no acknowledgement then, with the same effect. Every kind of payload has a listener, as
an event that nobody handles is not acknowledged either.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware import Middleware
from slack_sdk import WebClient

from bot.core.stimuli import OPENS_FORM, AnyStimulus
from bot.errors import NotThereYet, StoreDown
from bot.slack import forms
from bot.slack.apology import Apologies, form_apology
from bot.slack.buttons import PREFIX
from bot.slack.identity import BotIdentity
from bot.slack.inbound import command_of, home_of, message_of, press_of, shortcut_of, submission_of
from bot.slack.manifest import COMMAND, FLAG_ANSWER
from bot.slack.markup import NameOf
from bot.slack.modals import Modals
from bot.slack.second_chances import SecondChances

log = logging.getLogger(__name__)
# Bolt's own loggers write whole payloads: at INFO those with a wrong signature, at DEBUG all of them.
_bolt_log = logging.getLogger("bot.slack.bolt")

_ANY = re.compile(".*", re.DOTALL)
_OURS = re.compile(rf"^{PREFIX}")


def nobody(_user: str) -> str | None:
    return None


def nothing(_query: str) -> Sequence[tuple[str, str]]:
    return ()


def build_app(
    *,
    client: WebClient,
    signing_secret: str | None,
    hear: Callable[[AnyStimulus], None],
    us: BotIdentity,
    name_of: NameOf = nobody,
    apologies: Apologies | None = None,
    second_chances: SecondChances | None = None,
    entries_like: Callable[[str], Sequence[tuple[str, str]]] = nothing,
    alarm: Callable[[str], None] = log.error,
) -> App:
    """Return the Bolt app that hands every stimulus to `hear`.

    `hear` returns when the stimulus is stored. If it raises `StoreDown`, whoever waits for an answer is told so, and
    `second_chances` hears of it; if it raises anything else, that is logged; neither is acknowledged. `name_of` gives
    the name of a person who is mentioned, at once or not at all. `alarm` tells the operators of a store that is down.
    `signing_secret` may be None in Socket Mode. `entries_like` gives the entries (id, title) that somebody may be
    looking for in a form, best first.
    """
    apologies = apologies or Apologies(client)
    modals = Modals(client)

    def cannot_store(stimulus: AnyStimulus, error: StoreDown) -> None:
        apologies.say(stimulus)
        if second_chances:  # only now: the answer must not overtake the apology
            second_chances.remember(stimulus)
        alarm(f"Customers' messages cannot be stored, and are not answered: {error}")

    def answer(stimulus: AnyStimulus | None) -> BoltResponse:
        return BoltResponse(status=200 if stimulus is None or _is_stored(stimulus, hear, cannot_store) else 500)

    def on_event(event: dict[str, Any]) -> BoltResponse:
        return answer(home_of(event, team=us.team) or message_of(event, team=us.team, us=us, name_of=name_of))

    def on_press(body: dict[str, Any]) -> BoltResponse:
        press = shortcut_of(body, team=us.team, us=us) or press_of(body, team=us.team, us=us)
        trigger = body.get("trigger_id")
        if press is not None and press.kind in OPENS_FORM and isinstance(trigger, str):
            press = replace(press, view=modals.open(trigger))
        return answer(press)

    def on_submission(body: dict[str, Any]) -> BoltResponse:
        sent = submission_of(body, team=us.team, us=us)
        if sent is None or _is_stored(sent, hear, cannot_store):
            return BoltResponse(status=200)
        # Slack does not send it again, and what was written stands only in the form: it must stay open.
        refusal = forms.errors(body["view"].get("blocks"), form_apology())
        return BoltResponse(status=200, body=refusal)

    def on_search(body: dict[str, Any]) -> BoltResponse:
        query = body.get("value")
        found = entries_like(query if isinstance(query, str) else "")
        return BoltResponse(status=200, body=forms.options(found))

    def on_command(body: dict[str, Any]) -> BoltResponse:
        return answer(command_of(body, team=us.team, us=us, name_of=name_of))

    app = _bolt(client, signing_secret, us)
    app.event("message")(on_event)
    app.event("app_mention")(on_event)
    app.event("app_home_opened")(on_event)
    app.action(_OURS)(on_press)
    app.message_shortcut(FLAG_ANSWER)(on_press)
    app.command(COMMAND)(on_command)
    app.view(forms.CALLBACK)(on_submission)
    app.options(forms.ENTRY)(on_search)
    for every in (app.event, app.action, app.command, app.shortcut, app.view, app.view_closed, app.options):
        every(_ANY)(_nothing_to_do)
    return app


def is_readable(payload: object) -> bool:
    """Whether Bolt can take a payload at all.

    It looks for who and where in it before any middleware, and raises over what is in no shape of Slack's.
    """
    try:
        BoltRequest(mode="socket_mode", body=payload)  # type: ignore[arg-type]
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return False
    return isinstance(payload, dict)


def _is_stored(
    stimulus: AnyStimulus,
    hear: Callable[[AnyStimulus], None],
    cannot_store: Callable[[AnyStimulus, StoreDown], None],
) -> bool:
    try:
        hear(stimulus)
    except StoreDown as error:
        log.error("%s was not stored: %s", stimulus.key, error)  # noqa: TRY400  the sentence says it all
        cannot_store(stimulus, error)
        return False
    except NotThereYet as error:
        log.info("%s has to come again: %s", stimulus.key, error)
        return False
    except Exception:  # whatever it was, it must not look like success
        log.exception("%s was not stored", stimulus.key)
        return False
    return True


def _bolt(client: WebClient, signing_secret: str | None, us: BotIdentity) -> App:
    _bolt_log.setLevel(logging.WARNING)
    _bolt_log.addFilter(_is_news)
    one_team = AuthorizeResult(
        enterprise_id=us.enterprise or None, team_id=us.team, bot_id=us.bot_id, bot_user_id=us.user_id
    )
    return App(
        name="tier1",
        logger=_bolt_log,
        process_before_response=True,
        signing_secret=signing_secret or "",
        # With a token Bolt asks auth.test again; ours is known, and no listener calls Slack through Bolt.
        client=WebClient(base_url=client.base_url),
        authorize=lambda: one_team,
        before_authorize=_Net(),
        token_verification_enabled=False,
        # Which messages are ours, `inbound` decides, where it can be tested.
        ignoring_self_events_enabled=False,
        ignoring_self_assistant_message_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        ssl_check_enabled=False,
    )


def _is_news(record: logging.LogRecord) -> bool:
    # SLACK_BOT_TOKEN is in the environment, and Bolt would have used it if it had no client.
    return not record.getMessage().startswith("As you gave `client`")


class _Net(Middleware):
    """Acknowledges what Bolt would find no listener for, or stumble over: Slack counts both as failures."""

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002  Bolt's signature
        next: Callable[[], BoltResponse],  # noqa: A002
    ) -> BoltResponse:
        if _has_listener(req.body):
            return next()
        kind = req.body.get("type")
        if kind == "app_rate_limited":
            log.warning("Slack holds events back: more than 30,000 came in an hour")
        else:
            log.info("Acknowledged and left alone: a payload of type %.40s", kind if isinstance(kind, str) else "?")
        return BoltResponse(status=200)


def _has_listener(body: dict[str, Any]) -> bool:
    """https://docs.slack.dev/reference/interaction-payloads and https://docs.slack.dev/apis/events-api"""
    if "command" in body:  # Bolt would take it for one, whatever its type
        return isinstance(body["command"], str) and "type" not in body
    match body:
        case (
            {"type": "url_verification", "challenge": str()}
            | {"type": "event_callback", "event": {"type": str()}}
            | {"type": "block_actions", "actions": [{"action_id": str()}, *_]}
            | {"type": "block_suggestion", "action_id": str()}
            | {"type": "shortcut" | "message_action", "callback_id": str()}
            | {"type": "view_submission" | "view_closed", "view": {"callback_id": str(), "type": "modal"}}
        ):
            return True
        case _:
            return False


def _nothing_to_do() -> BoltResponse:
    return BoltResponse(status=200)
