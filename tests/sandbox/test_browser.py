"""The page in a real browser: forms, menus that the app fills, what one person sees, shortcuts, and the keyboard."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.sandbox.server import Sandbox
from tests.sandbox.app import Ear, Json, acknowledge
from tests.sandbox.browser import PROGRAM, Browser
from tests.sandbox.conftest import SEED, client_of

pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium on this machine"),
]

SHORTCUTS = (
    {"name": "Ask about this", "type": "message", "callback_id": "ask_this", "description": "Ask the bot about it"},
    {"name": "New case", "type": "global", "callback_id": "new_case", "description": "Open a case"},
)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str, label: str) -> Json:
    return {"text": plain(label), "value": value}


def button(label: str) -> Json:
    return {"type": "button", "action_id": label.lower(), "text": plain(label), "value": "1"}


def asked(name: str, label: str, element: Json, **more: object) -> Json:
    return {"type": "input", "block_id": name, "label": plain(label), "element": {"action_id": "it", **element}, **more}


def modal(*blocks: Json, title: str = "Reply", send: str | None = "Send") -> Json:
    submit = {"submit": plain(send)} if send else {}
    return {"type": "modal", "callback_id": "form", "title": plain(title), "blocks": list(blocks), **submit}


def card(*labels: str, text: str = "A card") -> list[Json]:
    words = {"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": text}}
    return [words, {"type": "actions", "block_id": "acts", "elements": [button(label) for label in labels]}]


MESSAGE = asked("message", "Message", {"type": "plain_text_input", "multiline": True})
ENTRY = asked("entry", "Entry", {"type": "external_select", "min_query_length": 0})
PERSON = asked("person", "Colleague", {"type": "users_select"})
LINE = asked("line", "Subject", {"type": "plain_text_input"}, optional=True)
LOADING = modal({"type": "section", "block_id": "wait", "text": plain("One moment…")}, title="Support bot", send=None)
ENTRIES = {"vpn": "Connect to the VPN", "vpn-slow": "The VPN is slow", "mail": "Set up e-mail"}


def entries_like(query: str) -> Json:
    found = [option(value, label) for value, label in ENTRIES.items() if query.lower() in label.lower()]
    return {"options": found}


@dataclass
class Desk:
    """A sandbox, a browser at it as Bob, and an app that answers each kind of interaction as it is told."""

    sandbox: Sandbox
    browser: Browser
    client: WebClient
    ear: Ear = field(init=False)
    heard: list[Json] = field(default_factory=list)
    answers: dict[str, Callable[[Json], Json | None]] = field(default_factory=dict)

    def answer(self, envelope: Json) -> Json | None:
        payload = envelope["payload"]
        kind = payload.get("type")
        self.heard.append(payload)
        said = self.answers[kind](payload) if kind in self.answers else None
        return {**(acknowledge(envelope) or {}), **({"payload": said} if said is not None else {})}

    def last(self, kind: str) -> Json:
        """The last payload of that kind."""
        return self.sandbox.wait_for(lambda: [one for one in self.heard if one.get("type") == kind])[-1]

    def opens(self, view: Json) -> None:
        """From now on a press opens this modal."""

        def opened(payload: Json) -> None:
            self.client.views_open(trigger_id=payload["trigger_id"], view=view)

        self.answers |= dict.fromkeys(("block_actions", "shortcut", "message_action"), opened)

    def visit(self) -> None:
        self.browser.visit(f"{self.sandbox.url}/?as=bob&in=C0HELP")

    def open(self, view: Json) -> str:
        """Put a card into the channel, press its button, and wait for the modal; returns its id."""
        self.opens(view)
        self.client.chat_postMessage(channel="C0HELP", text="A card", blocks=card("Reply"))
        self.visit()
        self.browser.click("Reply")
        self.browser.wait("document.querySelector('#modal').open")
        return self.sandbox.views("bob")[0].id

    def is_closed(self) -> None:
        self.browser.wait("!document.querySelector('#modal').open")
        assert self.sandbox.views("bob") == []


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    with Sandbox(SEED, shortcuts=SHORTCUTS) as sandbox:
        desk = Desk(sandbox, browser, client_of(sandbox))
        desk.ear = Ear(sandbox, desk.answer)
        sandbox.wait_for(lambda: sandbox.connections)
        yield desk
        desk.ear.close()
        browser.see("location.replace('about:blank')")
    assert browser.troubles == []


def test_an_entry_is_searched_for_and_sent(desk: Desk) -> None:
    desk.answers["block_suggestion"] = lambda payload: entries_like(payload["value"])
    desk.open(modal(ENTRY, MESSAGE, title="Send an entry"))
    desk.browser.click("Entry")
    desk.browser.shows("Set up e-mail")
    desk.browser.type("vpn")
    desk.browser.wait("document.querySelectorAll('[role=option]').length === 2")
    desk.browser.key("ArrowDown")
    desk.browser.key("Enter")
    desk.browser.key("Tab")
    desk.browser.type("Try this")
    desk.browser.key("Enter", ctrl=True)
    desk.is_closed()

    asked_for = desk.last("block_suggestion")
    assert (asked_for["value"], asked_for["block_id"], asked_for["action_id"]) == ("vpn", "entry", "it")
    values = desk.last("view_submission")["view"]["state"]["values"]
    assert values["entry"]["it"]["selected_option"]["value"] == "vpn-slow"
    assert values["message"]["it"]["value"] == "Try this"


def test_typed_words_that_are_no_entry_are_not_sent(desk: Desk) -> None:
    desk.answers["block_suggestion"] = lambda payload: entries_like(payload["value"])
    desk.open(modal(ENTRY))
    desk.browser.click("Entry")
    desk.browser.type("nonsense")
    desk.browser.shows("No results")
    desk.browser.key("Tab")
    desk.browser.click("Send")

    desk.browser.shows("Please fill this in.")
    assert desk.browser.focused() == "Entry"
    assert desk.browser.see("document.activeElement.value") == ""
    assert not [one for one in desk.heard if one.get("type") == "view_submission"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"entries": []}, "No results. The bot's answer was not in Slack's shape."),  # a mistake of the app's
        ({"options": []}, "No results"),  # nothing fits
    ],
)
def test_a_search_without_results_says_why(desk: Desk, answer: Json, said: str) -> None:
    desk.answers["block_suggestion"] = lambda _payload: answer
    desk.open(modal(ENTRY))
    desk.browser.click("Entry")
    desk.browser.wait("!document.querySelector('.popup')?.innerText.startsWith('Searching')")

    assert desk.browser.see("document.querySelector('.popup').innerText") == said


def test_a_late_answer_is_not_shown_for_a_newer_question(desk: Desk) -> None:
    desk.open(modal(ENTRY))
    searches: list[Json] = []
    newer_is_shown = threading.Event()

    def the_first_answer_last(envelope: Json) -> Json | None:
        searches.append({"envelope_id": envelope["envelope_id"], "payload": entries_like(envelope["payload"]["value"])})
        if len(searches) == 1:
            return None
        desk.ear.send(searches[1])
        newer_is_shown.wait(20)
        return searches[0]

    desk.ear.answer = the_first_answer_last
    desk.browser.click("Entry")
    desk.browser.shows("Searching…")
    desk.browser.type("mail")
    desk.browser.shows("Set up e-mail")
    newer_is_shown.set()
    desk.sandbox.settled()
    desk.browser.see("new Promise((done) => setTimeout(done, 100))")

    assert desk.browser.see("document.querySelector('[role=option]').textContent") == "Set up e-mail"


def test_a_colleague_is_chosen_by_name(desk: Desk) -> None:
    desk.open(modal(PERSON, MESSAGE))
    desk.browser.click("Colleague")
    desk.browser.shows("Gus Guest")
    desk.browser.type("gu")
    desk.browser.wait("document.querySelectorAll('[role=option]').length === 1")
    desk.browser.key("Enter")
    desk.browser.click("Message")
    desk.browser.type("x")
    desk.browser.click("Send")
    desk.is_closed()

    values = desk.last("view_submission")["view"]["state"]["values"]
    assert values["person"]["it"] == {"type": "users_select", "selected_user": "U0GUS"}


def test_a_search_does_not_answer_for_a_button(desk: Desk) -> None:
    desk.answers["block_suggestion"] = lambda payload: entries_like(payload["value"])
    desk.open(modal(ENTRY, {"type": "actions", "block_id": "more", "elements": [button("More")]}))
    desk.ear.answer = lambda one: None if one["payload"]["type"] == "block_actions" else desk.answer(one)
    desk.browser.click("More")
    desk.browser.click("Entry")
    desk.browser.shows("Set up e-mail")
    desk.browser.shows("did not respond")

    assert "did not respond" in desk.browser.see("document.querySelector('dialog[open]').innerText")


def test_a_form_that_is_filled_a_moment_later_takes_the_focus_then(desk: Desk) -> None:
    view = desk.open(LOADING)
    desk.browser.shows("One moment…")
    desk.client.views_update(view_id=view, view=modal(MESSAGE, title="Reply to Alice"))
    desk.browser.shows("Reply to Alice")

    assert desk.browser.focused() == "Message"


def test_an_update_takes_neither_words_nor_cursor_nor_field_away(desk: Desk) -> None:
    view = desk.open(modal(LINE, MESSAGE))
    desk.browser.click("Message")
    desk.browser.type("Hello there")
    desk.browser.see("document.activeElement.setSelectionRange(5, 5)")
    desk.browser.see("document.activeElement.marked = true")
    hint = {"type": "context", "block_id": "hint", "elements": [plain("Alice is writing")]}
    desk.client.views_update(view_id=view, view=modal(hint, LINE, MESSAGE))
    desk.browser.shows("Alice is writing")
    desk.browser.type(" you")

    assert desk.browser.see("document.activeElement.marked")
    assert desk.browser.see("document.activeElement.value") == "Hello you there"


def test_a_field_that_is_drawn_anew_keeps_words_and_cursor(desk: Desk) -> None:
    view = desk.open(modal(MESSAGE))
    desk.browser.type("Hello there")
    desk.browser.see("document.activeElement.setSelectionRange(5, 5)")
    desk.client.views_update(view_id=view, view=modal({**MESSAGE, "hint": plain("Alice reads this")}))
    desk.browser.shows("Alice reads this")
    desk.browser.type(" you")

    assert desk.browser.see("document.activeElement.value") == "Hello you there"


def test_what_is_typed_below_a_second_modal_is_there_again_after_it(desk: Desk) -> None:
    desk.open(modal(MESSAGE, {"type": "actions", "block_id": "more", "elements": [button("More")]}))
    desk.browser.type("Half a sen")

    def pushed(payload: Json) -> None:
        desk.client.views_push(trigger_id=payload["trigger_id"], view=modal(LINE, title="More"))

    desk.answers["block_actions"] = pushed
    desk.browser.click("More")
    desk.browser.wait("document.querySelector('#modal-title').textContent === 'More'")
    assert desk.browser.focused() == "Subject (optional)"
    desk.browser.key("Escape")
    desk.browser.wait("document.querySelector('#modal-title').textContent === 'Reply'")

    assert desk.browser.see("document.querySelector('#modal textarea').value") == "Half a sen"


def test_a_modal_opened_over_another_takes_its_place(desk: Desk) -> None:
    first = desk.open(modal(MESSAGE))
    desk.browser.type("x")
    again = {**modal(MESSAGE), "title": plain("Another")}
    desk.sandbox.command("bob", "help", "/form")
    (command,) = desk.sandbox.wait_for(lambda: [one for one in desk.heard if "command" in one])
    desk.client.views_open(trigger_id=command["trigger_id"], view=again)
    desk.browser.wait("document.querySelector('#modal-title').textContent === 'Another'")

    (view,) = desk.sandbox.views("bob")
    assert view.id != first
    assert desk.browser.see("document.querySelector('#modal textarea').value") == ""
    assert desk.browser.focused() == "Message"


def test_an_error_is_shown_at_its_field_and_the_words_stay(desk: Desk) -> None:
    desk.answers["view_submission"] = lambda _payload: {
        "response_action": "errors",
        "errors": {"message": "Too short."},
    }
    view = desk.open(modal(LINE, MESSAGE))
    desk.browser.click("Message")
    desk.browser.type("x")
    desk.browser.click("Send")
    desk.browser.shows("Too short.")

    assert desk.browser.focused() == "Message"
    assert desk.browser.see("document.activeElement.value") == "x"
    assert desk.browser.see("document.activeElement.getAttribute('aria-invalid')") == "true"
    desk.client.views_update(view_id=view, view=modal(LINE, MESSAGE, title="Better now"))
    desk.browser.shows("Better now")
    assert not desk.browser.see("document.querySelector('#modal').innerText.includes('Too short.')")
    del desk.answers["view_submission"]
    desk.browser.key("Enter", ctrl=True)
    desk.is_closed()


def test_trouble_is_shown_and_the_form_can_be_sent_again(desk: Desk) -> None:
    desk.answers["view_submission"] = lambda _payload: {"response_action": "explode"}
    desk.open(modal(MESSAGE))
    desk.browser.type("x")
    desk.browser.click("Send")
    desk.browser.shows("We had some trouble connecting. Try again?")
    del desk.answers["view_submission"]
    desk.browser.wait("!document.querySelector('#modal [aria-busy]')")
    desk.browser.click("Send")
    desk.is_closed()

    assert desk.last("view_submission")["view"]["state"]["values"]["message"]["it"]["value"] == "x"


def test_enter_sends_from_a_line_and_not_from_a_text(desk: Desk) -> None:
    desk.open(modal(LINE, MESSAGE))
    desk.browser.click("Message")
    desk.browser.type("one")
    desk.browser.key("Enter")
    desk.browser.type("two")
    desk.browser.click("Subject (optional)")
    desk.browser.key("Enter")
    desk.is_closed()

    assert desk.last("view_submission")["view"]["state"]["values"]["message"]["it"]["value"] == "one\ntwo"


def test_escape_closes_a_list_first_then_the_modal_and_leaves_the_thread_open(desk: Desk) -> None:
    desk.answers["block_suggestion"] = lambda payload: entries_like(payload["value"])
    desk.opens(modal(ENTRY))
    root = str(desk.client.chat_postMessage(channel="C0HELP", text="A card", blocks=card("Reply"))["ts"])
    desk.browser.visit(f"{desk.sandbox.url}/?as=bob&in=C0HELP&thread={root}")
    desk.browser.click("Reply")
    desk.browser.click("Entry")
    desk.browser.shows("Set up e-mail")
    desk.browser.key("Escape")
    desk.browser.wait("!document.querySelector('.popup')")
    assert len(desk.sandbox.views("bob")) == 1
    desk.browser.key("Escape")
    desk.is_closed()

    assert desk.browser.see("!document.querySelector('#thread').hidden")


def test_the_focus_comes_back_to_the_button_though_its_card_has_changed(desk: Desk) -> None:
    desk.open(modal(MESSAGE))
    (posted,) = desk.sandbox.messages("help")
    desk.client.chat_update(channel="C0HELP", ts=posted.ts, text="x", blocks=card("Claim", "Reply", text="New words"))
    desk.browser.wait("document.querySelector('#log').innerText.includes('New words')")
    desk.browser.key("Escape")
    desk.is_closed()

    assert desk.browser.focused() == "Reply"


def test_what_only_one_person_sees_can_be_pressed_changed_and_taken_away(desk: Desk) -> None:
    whisper = card("Send anyway", "Leave it", text="Somebody else has answered.")
    desk.client.chat_postEphemeral(channel="C0HELP", user="U0BOB", text="x", blocks=whisper)
    desk.visit()
    desk.browser.shows("Only visible to you")
    desk.browser.click("Send anyway")
    payload = desk.last("block_actions")
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload
    hook = WebhookClient(payload["response_url"])
    hook.send(text="x", blocks=card("Undo", text="Sent."), replace_original=True)
    desk.browser.shows("Sent.")
    assert not desk.browser.see("document.body.innerText.includes('Somebody else')")
    desk.browser.click("Undo")
    desk.sandbox.wait_for(lambda: desk.last("block_actions")["actions"][0]["action_id"] == "undo")
    hook.send(delete_original=True)

    desk.browser.wait("!document.body.innerText.includes('Only visible to you')")


def test_shortcuts_are_where_slack_has_them(desk: Desk) -> None:
    ts = desk.sandbox.say("alice", "help", "It is broken")
    desk.opens(modal(MESSAGE, title="A new case"))
    desk.visit()
    desk.browser.click("Alice Adams")
    desk.browser.click("More actions")
    desk.browser.click("Ask about this")
    desk.browser.shows("A new case")
    desk.browser.key("Escape")
    desk.is_closed()
    assert desk.browser.focused().startswith("Alice Adams")
    chosen = desk.last("message_action")
    assert (chosen["callback_id"], chosen["message_ts"]) == ("ask_this", ts)
    desk.browser.click("Shortcuts")
    desk.browser.click("New case")
    desk.browser.shows("A new case")

    assert desk.last("shortcut")["callback_id"] == "new_case"


def test_the_home_tab_keeps_the_focus_when_it_is_published_again(desk: Desk) -> None:
    def home(note: str) -> Json:
        rows = [block for n in range(20) for block in row(n)]
        return {"type": "home", "blocks": [{"type": "header", "block_id": "h", "text": plain(note)}, *rows]}

    def row(number: int) -> list[Json]:
        words = {"type": "section", "block_id": f"s{number}", "text": plain(f"Case {number}")}
        opens = {**button("Open"), "text": plain(f"Open {number}"), "value": str(number)}
        return [words, {"type": "actions", "block_id": f"a{number}", "elements": [opens]}]

    desk.client.views_publish(user_id="U0BOB", view=home("Before"))
    desk.browser.visit(f"{desk.sandbox.url}/?as=bob&in={desk.sandbox.dm('bob')}")
    desk.browser.click("Home")
    desk.browser.click("Open 17")
    payload = desk.last("block_actions")
    desk.client.views_publish(user_id="U0BOB", view=home("After"))
    desk.browser.shows("After")

    assert (payload["actions"][0]["value"], payload["container"]["type"]) == ("17", "view")
    assert desk.browser.focused() == "Open 17"


def test_time_is_put_forward_under_the_hood(browser: Browser) -> None:
    friday = datetime(2026, 3, 6, 16, 55, tzinfo=UTC)
    moved = [friday]
    with Sandbox(SEED, clock=lambda: moved[-1]) as sandbox:
        sandbox.moves_time_by(moved.append)
        sandbox.say("bob", "help", "See you on Monday")
        browser.visit(f"{sandbox.url}/?as=bob&in=C0HELP")
        browser.shows("Today")
        browser.click("Under the hood")
        shown = browser.see("document.querySelector('.timepiece time').dateTime")
        browser.click("Forward: 1 day")
        browser.shows("It is Saturday")
        browser.shows("Yesterday")
        focused = browser.focused()
        browser.click("Forward: Monday 09:00")
        browser.shows("It is Monday, March 9, 2026 at 9:00")
        browser.wait("document.querySelector('#log .day').innerText === 'Friday, March 6'")
        browser.see("location.replace('about:blank')")

    assert moved == [friday, friday + timedelta(days=1), datetime.fromisoformat("2026-03-09T09:00").astimezone()]
    assert shown.startswith("2026-03-06T16:5")
    assert focused == "Forward: 1 day"
    assert browser.troubles == []


def test_where_time_cannot_be_moved_the_page_does_not_offer_it(desk: Desk) -> None:
    desk.visit()
    desk.browser.click("Under the hood")
    desk.browser.shows("The bot is connected")

    assert desk.browser.see("document.querySelector('.timepiece').hidden") is True
