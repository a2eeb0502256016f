"""What looks like a secret in a text that is sent, and what only speaks of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.texts.secrets import secrets_in
from bot.core.redaction import redact
from tests.content.small_files import ENTRY, loaded, short


@pytest.mark.parametrize(
    ("text", "secret", "what"),
    [
        ("The wifi password is Larkfield2024", "Larkfield2024", "a password"),
        ("Passwort: Sommer2024", "Sommer2024", "a password"),
        ("user: admin, pass: Welcome1", "Welcome1", "a password"),
        ("PASSWORD=changeme", "changeme", "a password"),  # nobody writes so but to hand it on
        ("export PASSWORD='changeme'", "changeme", "a password"),
        ("The password is `lark!field`, for guests", "lark!field", "a password"),
        ("password: hunterTwo", "hunterTwo", "a password"),
        ("pin: 4711", "4711", "a password"),
        ("api_key = abcd1234efgh5678", "abcd1234efgh5678", "a token or key"),
        ("https://x.example/reset?token=abcd1234efgh", "abcd1234efgh", "a token or key"),
        ("Use xoxb-123456789012-abcdef now", "xoxb-123456789012-abcdef", "a token or key"),
        ("Shown as [card number removed], the password is Winter2026x", "Winter2026x", "a password"),
        ("card 4111 1111 1111 1111", "4111 1111 1111 1111", "a card number"),
        ("postgres://bob:hunter2@db.example.com/x", "hunter2", "a password"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "-----BEGIN", "a private key"),
    ],
)
def test_what_looks_like_a_secret(text: str, secret: str, what: str) -> None:
    (found,) = secrets_in(text)

    assert found.what == what
    assert text[found.at.start : found.at.stop].startswith(secret)
    assert text.startswith(found.after)


@pytest.mark.parametrize(
    "text",
    [
        "Your password is safe",
        "the password is at least 14 characters",
        "password: see the portal",
        "Password: at least 14 characters",
        "There is no password to type: sign in with your work e-mail.",
        "choose a **master password**: four random words",
        "an old password: sign in to the portal",
        "The password is the same as for your laptop.",
        "PASSWORD=<your password>",
        "password=yourpassword",
        "PASSWORD=$DB_PASSWORD",
        "password = ********",
        "Password (twice): type it",
        "Passwords expire after 90 days",
        "*Password is wrong*: 3 attempts are left",
        "The token: {{site.portal_url}}",
        "API key: open Settings > Developer",
        "token: Settings/Developer",
        "Your PIN is four digits",
        "call +44 20 7946 0958",
        "It is shown as password=[password removed]",
    ],
)
def test_what_only_speaks_of_secrets(text: str) -> None:
    assert list(secrets_in(text)) == []


@given(
    st.lists(
        st.sampled_from(
            ["password: Winter2026x", "pw is a1b2c3d4", " ", "\n", "and", "[token removed]", "4111111111111111"]
        )
    )
)
def test_each_stands_where_it_is_said_to(pieces: list[str]) -> None:
    text = " ".join(pieces)
    without = text

    for secret in reversed([*secrets_in(text)]):
        without = without[: secret.at.start] + "…" + without[secret.at.stop :]

    assert redact(without).text == without


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("summary: The wifi password is Larkfield2024", "7:31 KB043"),
        ("links: [{label: 'PIN: 4711', url: 'https://a.example'}]", "7:23 KB043"),
        ("links: [{label: Reset, url: 'https://a.example/?token=abcd1234efgh'}]", "7:55 KB043"),
        ("collect: [{field: pw, ask: 'Is your password: Winter2026x?'}]", "7:47 KB043"),
    ],
)
def test_wherever_it_would_be_sent_it_is_told_of_and_not_repeated(added: str, expected: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, a__b=f"{ENTRY}{added}\n")

    assert [short(fault) for fault in found.faults] == [expected]
    assert not any(word in str(found.faults) for word in ("Larkfield2024", "4711", "abcd1234", "Winter"))


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ("{wifi_password: Larkfield2024}", ["1:28 KB043"]),  # the name says what it is
        ("{wifi: 'The password is Larkfield2024'}", ["1:36 KB043"]),
        ("{password_url: 'https://x.example/a1b2c3d4'}", []),
        ("{password_help: See the portal}", []),
    ],
)
def test_a_secret_among_the_variables(variables: str, expected: list[str], tmp_path: Path) -> None:
    found = loaded(tmp_path, _site=f"variables: {variables}\n", a__b=ENTRY)

    assert [short(fault) for fault in found.faults] == expected


def test_the_second_one_has_the_second_place(tmp_path: Path) -> None:
    answer = "answer: |\n  The password is Larkfield2024.\n  Once more: the password is Larkfield2024.\n"

    found = loaded(tmp_path, a__b=ENTRY.partition("answer:")[0] + answer)

    assert [short(fault) for fault in found.faults] == ["7:19 KB043", "8:30 KB043"]
