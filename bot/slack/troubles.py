"""What can go wrong when Slack is asked to do something, sorted by what has to follow from it.

Slack refuses with 200 and a word, and asks for patience with 429. Anything else is the way there and back, or Slack
itself failing: then it may have been done all the same, unless the request certainly never left.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from typing import TypeVar
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

Answer = TypeVar("Answer")

_TOO_MANY = 429
_SERVER_ERRORS = 500
_WORD = re.compile(r"[a-z][a-z0-9_]*")

# What the methods of https://docs.slack.dev/reference/methods say about themselves, chat.postMessage first of all.
_PATIENCE = frozenset({"ratelimited", "rate_limited"})
_PASSING = frozenset(
    {
        "external_channel_migrating",
        "fatal_error",  # "some aspect of the operation may have succeeded"
        "internal_error",
        "org_login_required",  # the workspace moves to another organisation
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
_TOKEN = frozenset(
    {
        "account_inactive",
        "accesslimited",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
_THREAD = frozenset(
    {
        "cannot_reply_to_message",
        "restricted_action_thread_locked",
        "thread_locked",
        "thread_not_found",
    }
)
_PLACE = frozenset(
    {
        "access_denied",
        "app_access_restricted",
        "cannot_dm_bot",
        "cannot_reply_to_message",
        "channel_is_limited_access",
        "channel_not_found",
        "ekm_access_denied",
        "is_archived",
        "is_bot",
        "is_inactive",
        "messages_tab_disabled",
        "no_permission",
        "not_in_channel",
        "posting_to_channel_denied",
        "team_not_found",
        "thread_locked",
        "user_disabled",
        "user_not_found",
        "user_not_in_channel",
        "user_not_visible",
    }
)


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Too fast: nothing was done, and nothing shall be asked before `wait` is over."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class NotSent:
    """Slack has certainly not seen it."""

    error: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may have been done, or may still be done as long as the request's time-out has not passed."""

    error: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack said no: nothing was done. `error` is its word for why."""

    error: str


Trouble = RateLimited | NotSent | Unclear | Refused


def ask(call: Callable[[], Answer]) -> Answer | Trouble:
    """Make one call. Whatever Slack or the network does is returned, never raised."""
    try:
        return call()
    except SlackApiError as error:
        return _answered(error.response)
    except (OSError, HTTPException, ValueError, SlackClientError) as error:
        cause = error.reason if isinstance(error, URLError) else error
        name = type(cause).__name__ if isinstance(cause, Exception) else type(error).__name__
        return NotSent(name) if _never_left(error) else Unclear(name)
    except (AttributeError, TypeError):  # slack_sdk takes whatever JSON it gets for an object
        return Unclear("no_object")


def is_about_token(error: str) -> bool:
    """Whether no other call would fare better: Slack does not accept us."""
    return error in _TOKEN


def is_about_place(error: str) -> bool:
    """Whether no other words would fare better: this channel, thread or person cannot be written to."""
    return error in _PLACE or error.startswith("restricted_action")


def is_about_thread(error: str) -> bool:
    """Whether the channel may be written to, and the thread in it may not."""
    return error in _THREAD


def _answered(response: SlackResponse) -> Trouble:
    said = response.data.get("error") if isinstance(response.data, dict) else None
    # slack_sdk puts what is not JSON, a proxy's page perhaps, where Slack's word belongs.
    word = said if isinstance(said, str) and _WORD.fullmatch(said) else ""
    if response.status_code == _TOO_MANY or word in _PATIENCE:
        return RateLimited(_retry_after(response.headers))
    if response.status_code >= _SERVER_ERRORS or not word or word in _PASSING:
        return Unclear(word or f"http_{response.status_code}")
    return Refused(word)


def _retry_after(headers: Mapping[str, str]) -> timedelta:
    named = [value for name, value in headers.items() if name.lower() == "retry-after"]
    seconds = int(named[0]) if named and named[0].isdecimal() else 1
    return timedelta(seconds=max(1, seconds))


def _never_left(error: Exception) -> bool:
    """urllib wraps whatever happens until a request is sent; only of these we know that not one byte of it had left."""
    return isinstance(error, URLError) and isinstance(
        error.reason, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError
    )
