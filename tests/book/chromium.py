"""A tab of headless Chromium, used as a reader does: address, keys, mouse, finger.

Chromium is spoken to over two pipes, in the Chrome DevTools Protocol (``--remote-debugging-pipe``):
no library, no port.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

_START = "import os, sys; os.dup2({}, 3); os.dup2({}, 4); os.execv(sys.argv[1], sys.argv[1:])"
_KEYS = {
    **{"Enter": (13, "\r"), "Tab": (9, ""), "ArrowDown": (40, ""), "ArrowUp": (38, "")},
    **{"Escape": (27, ""), "ArrowLeft": (37, ""), "ArrowRight": (39, "")},
}
_STILL = """
  for (const _ of "12") await new Promise(requestAnimationFrame);
  await Promise.all(document.getAnimations().map(each => each.finished));
"""
_CENTRE = f"""(async selector => {{
  const found = document.querySelector(selector);
  found.scrollIntoView({{ block: "center", behavior: "instant" }});
  {_STILL}
  const [{{ x, y, width, height }}] = found.getClientRects(); // the first line of words that wrap
  return [x + width / 2, y + height / 2];
}})(%s)"""


class Tab:
    """One page at a time, as wide as it is told."""

    def __init__(self, asked: BinaryIO, answers: BinaryIO) -> None:
        self._asked, self._answers = asked, answers
        self._number = 0
        self._session: dict[str, str] = {}
        self._events: list[dict[str, Any]] = []
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        found = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": found["sessionId"]}
        still = [{"name": "prefers-reduced-motion", "value": "reduce"}]
        self._ask("Emulation.setEmulatedMedia", features=still)

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": params} | self._session
        self._asked.write(json.dumps(asked).encode() + b"\0")
        self._asked.flush()
        while True:
            answer = json.loads(self._read())
            if "method" in answer:
                self._events.append(answer)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                found: dict[str, Any] = answer["result"]
                return found

    def _read(self) -> bytes:
        parts = []
        while (part := self._answers.read(1)) != b"\0":
            assert part, "Chromium has ended"
            parts.append(part)
        return b"".join(parts)

    def listen(self) -> None:
        """Keep what the pages ask for, and what the browser complains of, from now on."""
        for domain in ("Network", "Runtime", "Log"):
            self._ask(f"{domain}.enable")

    def heard(self, method: str) -> list[dict[str, Any]]:
        """List what was told of an event since it was last asked for."""
        found = [event["params"] for event in self._events if event["method"] == method]
        self._events = [event for event in self._events if event["method"] != method]
        return found

    def size(self, width: int, height: int = 900) -> None:
        """Make the window as large as that, in CSS pixels; a phone has no bar beside its page."""
        self._ask("Emulation.setScrollbarsHidden", hidden=width < 600)
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            **{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def run_scripts(self, *, allowed: bool) -> None:
        """Say whether the pages that are opened may run scripts."""
        self._ask("Emulation.setScriptExecutionDisabled", value=not allowed)

    def open(self, address: str) -> None:
        """Go to an address, and wait until the page is whole."""
        self._ask("Page.navigate", url="about:blank")
        assert "errorText" not in self._ask("Page.navigate", url=address)
        while self.see("location.href == 'about:blank' || document.readyState != 'complete'"):
            time.sleep(0.02)

    def see(self, expression: str) -> Any:
        """Give what an expression of JavaScript is worth in the page, or comes to."""
        wanted = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        found = self._ask("Runtime.evaluate", **wanted)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def scroll(self, by: int) -> None:
        """Scroll the page, and wait until it stands still."""
        self.see(f"(async () => {{ scrollBy({{ top: {by}, behavior: 'instant' }}); {_STILL} }})()")

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        code, text = _KEYS[key]
        pressed = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        for _ in range(times):
            self._ask("Input.dispatchKeyEvent", type="keyDown", text=text, **pressed)
            self._ask("Input.dispatchKeyEvent", type="keyUp", **pressed)

    def write(self, text: str) -> None:
        """Write where the keyboard is."""
        self._ask("Input.insertText", text=text)

    def focus(self, selector: str) -> None:
        """Go to an element by the keyboard."""
        self.see(f"document.querySelector({json.dumps(selector)}).focus()")

    def click(self, selector: str) -> None:
        """Click in the middle of an element."""
        x, y = self.see(_CENTRE % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def hover(self, selector: str) -> None:
        """Point at the middle of an element."""
        x, y = self.see(_CENTRE % json.dumps(selector))
        self._ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def tap(self, selector: str) -> None:
        """Touch the middle of an element."""
        x, y = self.see(_CENTRE % json.dumps(selector))
        self._ask("Emulation.setTouchEmulationEnabled", enabled=True)
        self._ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self._ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        self._ask("Emulation.setTouchEmulationEnabled", enabled=False)


class PageReader:
    """A reader of one page of the book, from the disk."""

    def __init__(self, tab: Tab, page: Path) -> None:
        self.tab, self.page = tab, page
        self.click, self.press, self.see, self.tap = tab.click, tab.press, tab.see, tab.tap

    def go(self, place: str = "", width: int = 1280) -> None:
        """Open the page."""
        self.tab.size(width)
        self.tab.open(self.page.as_uri() + place)

    def address(self) -> str:
        """Read what the address says after the name of the page."""
        return str(self.see("location.search"))


@contextmanager
def open_tab(folder: Path) -> Iterator[Tab]:
    """Start a browser that keeps what it writes in a folder, and end it."""
    (from_us, asked), (answers, to_us) = os.pipe(), os.pipe()
    # Clear of 3 and 4, where Chromium listens and speaks.
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (from_us, to_us)]
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", _START.format(*ends), str(CHROMIUM)),
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
            *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--remote-debugging-pipe",
            f"--user-data-dir={folder / 'profile'}",
        ],
        pass_fds=ends,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for end in (from_us, to_us, *ends):
        os.close(end)
    try:
        with os.fdopen(asked, "wb") as to_it, os.fdopen(answers, "rb") as from_it:
            yield Tab(to_it, from_it)
    finally:
        process.terminate()
        process.wait()
