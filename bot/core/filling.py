"""Which form stands in the modal that somebody asked for, as the case is now. Pure; one function a form."""

from __future__ import annotations

from bot.core.case import Case
from bot.core.collecting import details_form
from bot.core.duplicates import duplicate_form
from bot.core.entry_form import entry_form
from bot.core.events import FormOpened
from bot.core.flagging import flag_form
from bot.core.forms import Form
from bot.core.incidents import status_form
from bot.core.knowledge import Knowledge
from bot.core.replying import reply_form
from bot.core.resolving import resolve_form
from bot.core.saying import Line
from bot.core.surveying import comment_form
from bot.core.transferring import escalate_form, transfer_form


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
    raise AssertionError(f"nothing opens a form of kind {opened.form}")
