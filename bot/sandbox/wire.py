"""What everything on Slack's wire is made of: JSON objects, ids and escaped text."""

import json
import re
import secrets
from typing import Any

Json = dict[str, Any]

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
_TOKEN = re.compile(
    r"<(?:@[UWB][A-Z0-9]+|#[CG][A-Z0-9]+|![a-z]+|!subteam\^S[A-Z0-9]+|!date\^[^<>]+|[a-z][a-z0-9+.-]*:[^<>|\s]+)(?:\|[^<>]*)?>"
)


def new_id(prefix: str) -> str:
    """An id as Slack makes them: a letter or two, then capitals and digits; never the same twice."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(10))


def escape(text: str) -> str:
    """Escape the three characters that mean something in Slack's text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escaped_once(text: str) -> str:
    """Text of an app as Slack stores it: loose `&`, `<` and `>` escaped, entities and `<…>` tokens left alone."""
    pieces: list[str] = []
    end = 0
    for token in _TOKEN.finditer(text):
        pieces += [_escape_loose(text[end : token.start()]), token.group()]
        end = token.end()
    return "".join([*pieces, _escape_loose(text[end:])])


def dumped(value: object) -> str:
    """JSON as short as Slack writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _escape_loose(text: str) -> str:
    text = re.sub(r"&(?!(?:amp|lt|gt);)", "&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")
