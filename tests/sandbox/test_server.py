"""Starting, stopping, looking, and keeping strangers out."""

import socket
import threading
import time

import pytest
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from bot.sandbox.server import Sandbox
from tests.sandbox.app import Ear, ask
from tests.sandbox.conftest import SEED, client_of

pytestmark = pytest.mark.wire


def test_it_leaves_nothing_behind() -> None:
    before = set(threading.enumerate())
    with Sandbox(SEED) as sandbox:
        client_of(sandbox).auth_test()
        ear = Ear(sandbox)
        sandbox.say("alice", "help", "x")
        sandbox.settled()
        ear.close()

    deadline = time.monotonic() + 5
    while set(threading.enumerate()) - before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert set(threading.enumerate()) <= before


def test_it_listens_on_this_machine_only(sandbox: Sandbox) -> None:
    assert sandbox.url.startswith("http://127.0.0.1:")
    assert sandbox.api_url == f"{sandbox.url}/api/"


def test_a_taken_port_is_an_error_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        Sandbox(SEED, port=taken.getsockname()[1]).start()


def test_it_says_that_it_is_not_running() -> None:
    sandbox = Sandbox(SEED)

    with pytest.raises(RuntimeError, match="not running"):
        assert sandbox.url
    with pytest.raises(RuntimeError, match="not running"):
        sandbox.cut_sockets()
    with pytest.raises(RuntimeError, match="not running"):
        sandbox.verify_url()
    sandbox.stop()


def test_a_start_after_a_stop_goes_on_where_it_was() -> None:
    sandbox = Sandbox(SEED)
    with sandbox:
        url, token = sandbox.url, sandbox.bot_token
        ts = sandbox.say("alice", "help", "before")
    with sandbox:
        ear = Ear(sandbox)
        sandbox.settled()

        assert (sandbox.url, sandbox.bot_token) == (url, token)
        assert [event["ts"] for event in ear.events()] == [ts]
        assert [message.text for message in sandbox.messages("help")] == ["before"]
        ear.close()


def test_a_reset_forgets_everything_but_the_connections(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    dm = sandbox.dm("alice")
    sandbox.say("alice", dm, "x")
    client.chat_postEphemeral(channel="C0HELP", user="U0ALICE", text="x")
    client.views_publish(user_id="U0ALICE", view={"type": "home", "blocks": []})
    sandbox.fail_next("auth.test")
    sandbox.settled()

    sandbox.reset()

    assert (sandbox.messages(dm), sandbox.ephemerals("alice"), sandbox.home("alice")) == ([], [], None)
    assert (sandbox.calls(), sandbox.deliveries(), sandbox.warnings) == ([], [], [])
    assert sandbox.connections == 1
    assert client.auth_test()["ok"]
    sandbox.say("alice", "help", "again")
    sandbox.settled()
    assert len(ear.envelopes) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},  # another server on this machine
        {"Host": "evil.example"},  # a name that somebody has let point here
        {"Host": "127.0.0.1:1"},
    ],
)
@pytest.mark.parametrize("path", ["/sandbox/say", "/api/auth.test", "/sandbox/state?as=alice"])
def test_strangers_are_refused(sandbox: Sandbox, headers: dict[str, str], path: str) -> None:
    body = None if "state" in path else b"{}"

    assert ask(sandbox.url + path, body, headers).status == 403


def test_strangers_get_no_socket(sandbox: Sandbox) -> None:
    app = WebClient(sandbox.app_token, base_url=sandbox.api_url)
    url = str(app.apps_connections_open(app_token=sandbox.app_token)["url"])

    with pytest.raises(InvalidStatus, match="403"), connect(url, proxy=None, origin=Origin("https://evil.example")):
        pass


@pytest.mark.parametrize("origin", ["127.0.0.1", "localhost"])
def test_the_page_itself_is_no_stranger(sandbox: Sandbox, origin: str) -> None:
    port = sandbox.url.rpartition(":")[2]
    headers = {"Origin": f"http://{origin}:{port}", "Host": f"{origin}:{port}"}

    assert ask(f"{sandbox.url}/api/api.test", b"", headers).status == 200


def test_waiting_gives_back_what_came(sandbox: Sandbox) -> None:
    threading.Timer(0.05, lambda: sandbox.say("bob", "help", "there")).start()

    assert sandbox.wait_for(lambda: sandbox.messages("help"))[0].text == "there"


def test_waiting_in_vain_shows_what_happened_instead(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.say("alice", "help", "hello?")
    client.chat_postEphemeral(channel="C0HELP", user="U0ALICE", text="psst")
    sandbox.fail_next("auth.test", "fatal_error")
    with pytest.raises(Exception, match="fatal_error"):
        client.auth_test()

    with pytest.raises(TimeoutError) as caught:
        sandbox.wait_for(lambda: None, seconds=0.05)

    text = str(caught.value)
    assert "alice: 'hello?'" in text
    assert "only U0ALICE" in text
    assert "call auth.test: fatal_error" in text
    assert "delivery message: waiting" in text


def test_what_a_predicate_looks_at_may_be_elsewhere(sandbox: Sandbox) -> None:
    elsewhere: list[int] = []
    threading.Timer(0.05, lambda: elsewhere.append(1)).start()

    assert sandbox.wait_for(lambda: elsewhere) == [1]


def test_a_predicate_may_call_the_web_api(sandbox: Sandbox, client: WebClient) -> None:
    assert sandbox.wait_for(lambda: client.auth_test()["ok"])


def test_many_people_may_act_at_once(sandbox: Sandbox, client: WebClient, ear: Ear) -> None:
    def chat(who: str) -> None:
        for number in range(20):
            sandbox.say(who, "help", str(number))
            client.chat_postMessage(channel="C0HELP", text=str(number))

    threads = [threading.Thread(target=chat, args=(who,)) for who in ("alice", "bob", "gus")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sandbox.settled()

    times = [message.ts for message in sandbox.messages("help")]
    assert len(times) == len(set(times)) == 120
    assert len(ear.events("message")) == 120
