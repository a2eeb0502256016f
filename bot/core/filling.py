"""Which form stands in the modal that somebody asked for, as the case is now. Pure; one function a form."""

from __future__ import annotations

from typing import assert_never

from bot.core.case import Case
from bot.core.events import FormOpened
from bot.core.forms import Form
from bot.core.joining.duplicates import duplicate_form
from bot.core.joining.incidents import status_form
from bot.core.knowledge import Knowledge
from bot.core.saying import Line
from bot.core.tier1.collecting import details_form
from bot.core.tier2.entry_form import entry_form
from bot.core.tier2.flagging import flag_form
from bot.core.tier2.replying import reply_form
from bot.core.tier2.resolving import resolve_form
from bot.core.tier2.surveying import comment_form
from bot.core.tier2.transferring import escalate_form, transfer_form


def filled_form(case: Case, opened: FormOpened, knowledge: Knowledge) -> Form | Line:
    """The form, or a line of ours that says why there is none."""
    match opened.form:
        case "reply":
            return reply_form(case, opened, knowledge)
        case "send_entry":
            return entry_form(case, opened, knowledge)
        case "transfer":
            return transfer_form(case, opened, knowledge)
        case "escalate":
            return escalate_form(case, opened, knowledge)
        case "resolve":
            return resolve_form(case, opened, knowledge)
        case "duplicate":
            return duplicate_form(case, opened, knowledge)
        case "status":
            return status_form(case, opened, knowledge)
        case "comment":
            return comment_form(case, opened)
        case "flag":
            return flag_form(case, opened, knowledge)
        case "details":
            return details_form(case, opened)
    assert_never(opened.form)
