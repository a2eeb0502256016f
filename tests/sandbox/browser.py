"""A real browser without a screen, driven as a person would: clicks, keys, and a look at what stands there."""

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from websockets.sync.client import connect

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE_SECONDS = 20.0
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-proxy-server",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb",
    "--hide-scrollbars", "--remote-debugging-port=0",
)  # fmt: skip
_KEYS = {
    "Enter": (13, "\r"), "Escape": (27, ""), "Tab": (9, ""), "ArrowDown": (40, ""), "ArrowUp": (38, ""),
    "Backspace": (8, ""),
}  # fmt: skip
_FIND = """(name) => {
  const modal = document.querySelector("dialog[open]");
  const shown = (node) => node.getClientRects().length > 0 && node.closest("dialog") === modal;
  const said = (node) => node.getAttribute("aria-label") ?? node.textContent.trim();
  const labelled = [...document.querySelectorAll("label")].find((one) => shown(one) && one.textContent.trim() === name);
  const field = labelled && (labelled.control ?? document.getElementById(labelled.htmlFor));
  return field ?? [...document.querySelectorAll("button, [role=option], [role=menuitem], [role=tab], article")]
    .filter((node) => shown(node) && said(node).startsWith(name)).at(-1);
}"""


class Browser:
    """One browser with one page in it."""

    def __init__(self, folder: Path) -> None:
        """`folder` takes its profile, and is empty."""
        self._folder = folder
        self._open = ExitStack()
        self._session = ""
        self._last = 0
        self.troubles: list[str] = []

    def __enter__(self) -> Self:
        """Start it."""
        with ExitStack() as opening:
            opening.enter_context(_process(self._folder))
            told = self._folder / "DevToolsActivePort"
            _until(lambda: told.is_file() and len(told.read_text().splitlines()) > 1)
            port, path = told.read_text().splitlines()[:2]
            url = f"ws://127.0.0.1:{port}{path}"
            self._wire = opening.enter_context(connect(url, proxy=None, compression=None, max_size=None))
            target = self._ask("Target.createTarget", url="about:blank")["targetId"]
            self._session = str(self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
            for domain in ("Page", "Runtime", "Log"):
                self._ask(f"{domain}.enable")
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._open.close()

    def visit(self, url: str, *, width: int = 1200, height: int = 800, dark: bool = False) -> None:
        """Open a page, and wait until it shows the conversation."""
        self.troubles.clear()
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._ask("Emulation.setEmulatedMedia", features=scheme)
        self._ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        self._ask("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && document.querySelector('#place-name')?.textContent")

    def see(self, expression: str) -> Any:
        """The value of a JavaScript expression, as JSON has it."""
        found = self._ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, expression: str) -> Any:
        """Wait until an expression gives something truthy, and return that."""
        try:
            return _until(lambda: self.see(expression))
        except TimeoutError:
            shown = self.see("(document.querySelector('dialog[open]') ?? document.body).innerText.slice(-1500)")
            raise TimeoutError(f"{expression}\n{shown}\n{self.troubles}") from None

    def shows(self, words: str) -> None:
        """Wait until these words stand on the page, in the modal if one is open."""
        self.wait(f"(document.querySelector('dialog[open]') ?? document.body).innerText.includes({json.dumps(words)})")

    def focused(self) -> str:
        """The name of what has the focus: its label or its words."""
        found: str = self.see("""(() => {
          const node = document.activeElement;
          return (node.labels?.[0]?.textContent ?? node.getAttribute("aria-label") ?? node.textContent).trim();
        })()""")
        return found

    def click(self, name: str) -> None:
        """Click on the last thing of that name: a field by its label, else a button, option or message by its words."""
        node = f"({_FIND})({json.dumps(name)})"
        self.wait(f"Boolean({node})")
        self.see(f"{node}.scrollIntoView({{block: 'nearest'}})")
        x, y = self.see(
            f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])({node}.getBoundingClientRect())"
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1, pointerType="mouse")

    def type(self, text: str) -> None:
        """Type where the cursor is."""
        for letter in text:
            self._ask("Input.insertText", text=letter)

    def key(self, name: str, *, ctrl: bool = False) -> None:
        """Press a key."""
        code, text = _KEYS[name]
        event = {"key": name, "code": name, "windowsVirtualKeyCode": code, "modifiers": 2 if ctrl else 0}
        typed = {"text": text} if text and not ctrl else {}
        self._ask("Input.dispatchKeyEvent", type="keyDown" if typed else "rawKeyDown", **event, **typed)
        self._ask("Input.dispatchKeyEvent", type="keyUp", **event)

    def picture(self, path: Path) -> None:
        """Keep what the page looks like."""
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot", format="png")["data"]))

    def _ask(self, method: str, **given: object) -> dict[str, Any]:
        self._last += 1
        where = {"sessionId": self._session} if self._session else {}
        self._wire.send(json.dumps({"id": self._last, "method": method, "params": given, **where}))
        while True:
            heard = json.loads(self._wire.recv(PATIENCE_SECONDS))
            if heard.get("id") == self._last:
                assert "error" not in heard, (method, heard["error"])
                answer: dict[str, Any] = heard["result"]
                return answer
            self._note(heard)

    def _note(self, heard: dict[str, Any]) -> None:
        said = heard.get("params", {})
        match heard.get("method"):
            case "Runtime.exceptionThrown":
                self.troubles.append(json.dumps(said["exceptionDetails"]))
            case "Log.entryAdded" if said["entry"]["level"] == "error":
                self.troubles.append(said["entry"]["text"])
            case "Runtime.consoleAPICalled" if said["type"] in ("error", "warning"):
                self.troubles.append(json.dumps(said["args"]))


@contextmanager
def _process(folder: Path) -> Iterator[None]:
    assert PROGRAM
    program = [PROGRAM, *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            yield
        finally:
            running.terminate()


def _until(holds: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.03)
