"""A form in Slack's modal and back: within Slack's limits, and nothing that is not ours is taken for ours."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.core.forms import Ask, Form, FormKind
from bot.core.saying import Line
from bot.core.stimuli import Submission
from bot.sandbox.limits import checked_view
from bot.slack import forms
from bot.slack.inbound import submission_of
from bot.slack.markup import LOOKALIKE
from bot.slack.wording import Block, Known
from tests.slack.payloads import ANNA, TS, US, Payload, submission

KNOWN = Known({}, {"U0BEN": "Ben <!channel> Hale"}.get, lambda _channel, _ts: None)  # type: ignore[arg-type]
LONG = "x" * 5_000


def form(*asks: Ask, **different: object) -> Form:
    given = {"kind": "reply", "title": "Reply · T1234567", "send": "Send", "asks": asks or (WORDS,), **different}
    return Form(**given)  # type: ignore[arg-type]


WORDS = Ask("words", "Your reply", "text")


def drawn(one: Form | Line) -> Block:
    """The modal, as Slack accepts it."""
    view = forms.drawn(one, "T1234567", 5, KNOWN)
    checked_view(view)
    return view


@pytest.mark.parametrize(
    ("ask", "type_", "reason"),
    [
        (Ask("a", "A", "line"), "plain_text_input", "one line"),
        (Ask("a", "A", "text", initial=LONG), "plain_text_input", "a field holds 3,000 characters"),
        (Ask("a", "A", "choice", (("x", "X"), ("y", "Y")), initial="y"), "radio_buttons", "few choices are all seen"),
        (Ask("a", "A", "choice", tuple((str(n), LONG) for n in range(300))), "static_select", "many are a menu of 100"),
        (Ask("a", "A", "choice", (("x", "X"),), required=False), "static_select", "it can be left empty again"),
        (Ask("a", "A", "choice", ((LONG, "X"), ("y", "Y"))), "radio_buttons", "what Slack cannot carry is no choice"),
        (Ask("a", "A", "entry"), "external_select", "entries are searched for"),
        (Ask("a", "A", "person", required=False, hint=LONG), "users_select", "people are Slack's to list"),
    ],
)
def test_every_kind_of_field_is_one_that_slack_accepts(ask: Ask, type_: str, reason: str) -> None:
    view = drawn(form(ask))

    (field,) = view["blocks"]
    assert (field["element"]["type"], field["optional"]) == (type_, not ask.required), reason


def test_a_title_of_any_length_and_a_name_of_any_kind_are_accepted() -> None:
    view = drawn(form(title=LONG, send=LONG, lead="{who} reads this.", who="U0BEN"))

    lead = view["blocks"][0]["text"]["text"]
    assert "<!" not in lead
    assert lead.endswith("Hale reads this.")


def test_a_line_of_ours_has_nothing_to_send() -> None:
    view = drawn(Line("Not you, {who}.", who="U0BEN"))

    assert "submit" not in view
    assert "Not you, Ben" in view["blocks"][0]["text"]["text"]


@pytest.mark.parametrize("kind", get_args(FormKind))
def test_what_a_form_is_about_comes_back_with_it(kind: FormKind) -> None:
    view = forms.drawn(form(kind=kind, choice="a/b", channel="C0TIER2", thread_ts=TS), "T1234567", 5, KNOWN)

    sent = submission_of(submission(view=view), team="T0HOME", us=US)

    assert sent == Submission(
        key="s:T0HOME:V0FORM:156772938.1827394", team="T0HOME", user=ANNA, form=kind, view="V0FORM",
        values=(("words", "Please restart it."), ("where", "dm")), case="T1234567", position=5, choice="a/b",
        channel="C0TIER2", thread_ts=TS,
    )  # fmt: skip


def test_metadata_that_would_be_too_long_keeps_what_the_form_is_about() -> None:
    view = drawn(form(choice=LONG))

    assert forms.carried_by(view["private_metadata"]) == forms.Carried("T1234567", 5)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (submission(type="view_closed"), "nothing was sent"),
        (submission(view={"callback_id": "their:form"}), "another app's"),
        (submission(view={"callback_id": "tier1:form:from_the_future"}), "a newer program's"),
        (submission(view={"private_metadata": "{"}), "no JSON"),
        (submission(view={"private_metadata": '{"p": -1}'}), "before the first event"),
        (submission(view={"private_metadata": '{"c": "T1 <!channel>"}'}), "no case has such a number"),
        (submission(view={"private_metadata": '{"h": "C1\\n"}'}), "no channel has such an id"),
        (submission(view={"id": None}), "no view"),
        (submission(user={}), "nobody"),
    ],
)
def test_what_is_no_form_of_ours_is_nothing(payload: Payload, reason: str) -> None:
    assert submission_of(payload, team="T0HOME", us=US) is None, reason


def test_what_is_typed_into_a_form_cannot_be_read_by_slack() -> None:
    typed = {"words": {"tier1:input": {"value": "<!channel> & <@U0BEN>\0"}}}

    sent = submission_of(submission(view={"state": {"values": typed}}), team="T0HOME", us=US)

    assert sent is not None
    assert sent.value("words") == f"{LOOKALIKE}!channel> & {LOOKALIKE}@U0BEN>"


def test_an_error_stands_at_the_first_field_or_in_place_of_a_form_without_one() -> None:
    view = drawn(form())

    assert forms.errors(view["blocks"], "Again, please.") == {
        "response_action": "errors",
        "errors": {"words": "Again, please."},
    }
    assert forms.errors([], "Again, please.")["response_action"] == "update"
