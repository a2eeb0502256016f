"""Secrets are masked, everything else stays byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.redaction import redact

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("my password is hunter2, please reset it", "my password is [password removed], please reset it"),
        ("password: Summer2024!", "password: [password removed]"),  # the exclamation mark may belong to it
        ("My PW is banana", "My PW is [password removed]"),  # a word is a password too
        ("passwd=abc&user=bob", "passwd=[password removed]&user=bob"),  # a query string goes on
        ("the passcode is 4711.", "the passcode is [password removed]."),
        ("PIN: 4711", "PIN: [password removed]"),
        ("my password is now hunter2", "my password is now [password removed]"),
        ("it is not hunter2, my password is not hunter3", "it is not hunter2, my password is not [password removed]"),
        ("my password for the vpn is hunter2", "my password for the vpn is [password removed]"),
        ("password hunter2 does not work", "password [password removed] does not work"),  # no verb, yet no word
        ("i changed my password to Winter2025", "i changed my password to [password removed]"),
        ("my password is 'wrong horse'", "my password is 'wrong horse'"),  # a quoted sentence about it
        ("my password is 'big horse'", "my password is '[password removed]'"),
        ('{"password": "x y z"}', '{"password": "[password removed]"}'),
        ("password:\nhunter2", "password:\n[password removed]"),
        ("https://bob:s3cret@example.com/x", "https://bob:[password removed]@example.com/x"),
        ("secret: abc123", "secret: [password removed]"),
        (
            "my pin is 1234 and my password is a1b2c3",
            "my pin is [password removed] and my password is [password removed]",
        ),
        ("password=" + "x" * 300 + " ok", "password=[password removed] ok"),  # to the end of the run, however long
    ],
)
def test_a_password_that_is_named_is_masked(said: str, kept: str) -> None:
    assert redact(said).text == kept


@pytest.mark.parametrize(
    "said",
    [
        "my password is wrong",
        "my password is expired",
        "my password has expired",
        "my password is not working",
        "my password is too short",
        "my password is apparently not accepted any more!!!",
        "my password is 14 characters long",
        "the password for the portal is incorrect",
        "password reset",
        "reset my password to access the portal",
        "forgot password: how do i reset it?",
        "password:\nplease enter",
        "what is the wifi password?",
        "is my password expired or is my account locked",
        "i need a new password",
        "password NL-4410",  # an error code, as a screen shows it
        "password 0x80070005",
        "password: ********",  # masked already
        "my pin is wrong",
        "pin the message to the channel",
        "the secret is to restart it twice",
        "my token is expired",
        "bearer authentication failed",
        "the api key is documented",
        "order 4111111111111112 has not arrived",  # fails the Luhn sum
        "invoice 41111111111111111111111",  # too long for a card, whatever stands inside
        "call me at +4111111111111111",
        "id a4111111111111111",  # inside a word
        "build 1.4111111111111111",
        "task-force-of-sixteen-letters",  # `sk-` inside a word
        "",
    ],
)
def test_what_is_said_about_secrets_and_what_only_looks_like_one_stays(said: str) -> None:
    assert redact(said).text == said
    assert redact(said).kinds == frozenset()


@pytest.mark.parametrize(
    "token",
    [
        "xoxb-123456789012-abcdefGHIJKL",
        "xapp-1-A0123456789-abcdef",
        "ghp_0123456789abcdefABCDEF0123456789abcd",
        "github_pat_11ABCDEFG0123456789_abcdef",
        "glpat-abcdefghij0123456789",
        "sk-proj-abcDEF1234567890abcd",
        "sk_live_abcDEF1234567890",
        "AKIAIOSFODNN7EXAMPLE",
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
        "https://hooks.slack.com/services/T00000000/B00000000/abcdefABCDEF",
    ],
)
def test_a_token_is_known_by_its_form(token: str) -> None:
    assert redact(f"i use {token} there").text == "i use [token removed] there"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Authorization: Bearer abc.def123456", "Authorization: Bearer [token removed]"),
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [token removed]"),
        ("api key: 9f8e7d6c5b4a", "api key: [token removed]"),
        ("AWS_SECRET_ACCESS_KEY='wJalrXUtnFEMI/K7MDENG'", "AWS_SECRET_ACCESS_KEY='[token removed]'"),
        ("my access token is a1b2c3d4e5", "my access token is [token removed]"),
    ],
)
def test_a_token_is_known_by_its_name(said: str, kept: str) -> None:
    assert redact(said).text == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"here: {KEY} thanks", "here: [private key removed] thanks"),
        (KEY.replace("RSA ", "OPENSSH ").rpartition("\n")[0], "[private key removed]"),  # cut off: all that follows
        (f"{KEY}\nand\n{KEY}", "[private key removed]\nand\n[private key removed]"),
    ],
)
def test_a_private_key_is_masked_whole(said: str, kept: str) -> None:
    assert redact(said).text == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("card 4111 1111 1111 1111 exp 12/27", "card [card number removed] exp 12/27"),
        ("4111-1111-1111-1111", "[card number removed]"),
        ("4111111111111111.", "[card number removed]."),
        ("3782 822463 10005", "[card number removed]"),  # as American Express prints it
        ("order 12 4111 1111 1111 1111", "order 12 [card number removed]"),  # another number beside it
        ("my password is 4111 1111 1111 1111", "my password is [card number removed]"),
    ],
)
def test_a_card_number_is_masked_however_it_is_grouped(said: str, kept: str) -> None:
    assert redact(said).text == kept


def test_the_kinds_found_are_named() -> None:
    found = redact(f"my password is hunter2, my card 4111 1111 1111 1111, my key {KEY}")

    assert found.kinds == {"password", "card_number", "private_key"}


def test_addresses_and_accounts_are_masked_where_the_rules_say_so() -> None:
    said = "write to jo.doe@example.com about DE89 3704 0044 0532 0130 00"

    assert redact(said).text == said
    assert redact(said, also={"email", "iban"}).text == "write to [e-mail removed] about [IBAN removed]"


_PIECES = [
    *(
        "my password",
        "password",
        "pin",
        "secret",
        "token",
        "bearer",
        "api key",
        " is ",
        ": ",
        "=",
        " ",
        "\n",
        '"',
        "'",
        "`",
    ),
    *("hunter2", "wrong", "4111", "1111", "4111 1111 1111 1111", "-", "&", ",", "[", "]", "[password removed]", "to"),
    *(
        "[token removed]",
        "xoxb-12345678-abcdefgh",
        "eyJhbGciOi.eyJzdWIi.x",
        "-----BEGIN PRIVATE KEY-----",
        "for",
        "x@y.example",
    ),
    *(
        "-----END PRIVATE KEY-----",
        "://bob:",
        "@",
        "DE89 3704 0044 0532 0130 00",
        "sk-",
        "\u00a0",
        "\U0001f600",
        "\ud800",
    ),
]


@settings(deadline=None)  # a busy machine is no bug
@given(st.one_of(st.text(), st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = redact(text, also={"email", "iban"})

    assert redact(once.text, also={"email", "iban"}).text == once.text


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["pin:", "password ", "password: [", "1", "4-", "a@", "-----BEGIN ", "eyJ.", "token is ", '"']
)
def test_a_hostile_text_is_read_in_one_go(piece: str) -> None:
    once = redact(piece * (40_000 // len(piece))).text

    assert redact(once).text == once
