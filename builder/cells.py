"""Run the cells of chapters: one process, and a namespace of its own for each chapter.

Both roads to the book start this file as a program: Quarto through the engine in
``_extensions/une-passe``, the builder through `builder._execute`. It needs IPython and nothing
else of the project. One JSON document a line comes in for each chapter::

    {"seconds": 9, "items": [{"code": "usage.f4()"}, {"code": "n()", "inline": true}]}

and one goes out for each item, in order, until the last one or the first that fails::

    {"shown": [{"form": "text/markdown", "content": "| a | b |", "result": true}]}
    {"error": "ZeroDivisionError: division by zero", "line": 1}

`_FORMS` is all that a cell may show; what is in none of these forms is an error, and so is
anything on stderr: a warning that nobody reads is not a result. A cell that takes longer than it
may is ended by SIGALRM, and the process with it, so that whoever asked sees why it ended.
"""

from __future__ import annotations

import base64
import io
import json
import os
import queue
import re
import signal
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from traitlets import Type
from traitlets.config import Config

__all__ = ["main"]

_FORMS = ("text/markdown", "image/svg+xml", "image/png", "text/html", "text/plain")
"""Of the forms in which an object offers itself, the first of these is shown."""

_MAY_SHOW = "a cell shows Markdown, SVG, PNG, HTML or text"
_ADDRESS = re.compile(r"<.* at 0x[0-9a-f]+>")
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd]")
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~^$@\"'&:])")


class _UnshownError(Exception):
    """What a cell shows has no form that a page can take."""


class _Publisher(DisplayPublisher):
    """Keep what a cell displays."""

    shell: _Shell

    def publish(self, data: dict[str, Any], *_: object, update: bool = False, **__: object) -> None:
        if update:
            raise _UnshownError(f"shows one thing in the place of another; {_MAY_SHOW}, once")
        self.shell.show(data)


class _ResultHook(DisplayHook):
    """Keep the value of a cell's last expression."""

    shell: _Shell

    def quiet(self) -> bool:
        return bool(self.semicolon_at_end_of_expression(self.shell.source))

    def write_output_prompt(self) -> None:
        """Write nothing: a page has no prompt."""

    def write_format_data(self, format_dict: dict[str, Any], *_: object) -> None:
        self.shell.show(format_dict, result=True)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Shell(InteractiveShell):
    """A shell that keeps what is shown, in its order, and reads no one's profile."""

    displayhook_class = Type(_ResultHook)
    display_pub_class = Type(_Publisher)

    def __init__(self, **settings: Any) -> None:
        self.source = ""
        self.shown: list[dict[str, Any]] = []
        self.failure: BaseException | None = None
        super().__init__(**settings)
        # A page may ask for any form of an object, a terminal for its text only.
        assert self.display_formatter is not None
        self.display_formatter.active_types = self.display_formatter.format_types

    def init_ipython_dir(self, *_: object) -> None:
        """Make no folder in the home of whoever runs this."""

    def showtraceback(self, exc_tuple: Any = None, *_: object, **__: object) -> None:
        """Keep an error in place of printing it: that of an object that cannot be displayed too."""
        self.failure = exc_tuple[1] if exc_tuple else sys.exc_info()[1]

    def show(self, data: dict[str, Any], *, result: bool = False) -> None:
        """Keep the form of an object that a page takes.

        Raises
        ------
        _UnshownError
            If there is none.
        BaseException
            What the object raised when it was asked for its forms.
        """
        if self.failure is not None:
            raise self.failure
        form = next((form for form in _FORMS if form in data), "")
        others = sorted(set(data) - set(_FORMS))
        if not form or (form == "text/plain" and others):
            raise _UnshownError(f"shows {', '.join(others) or 'nothing'}; {_MAY_SHOW}")
        content = data[form]
        if form == "text/plain":
            _refuse_address(content)
        if isinstance(content, bytes):
            content = base64.b64encode(content).decode("ascii")
        self.shown.append({"form": form, "content": content, "result": result})

    def run(self, code: str) -> None:
        """Run a cell.

        Raises
        ------
        BaseException
            What the cell raises.
        """
        self.source = code
        self.shown, self.failure = [], None
        done = self.run_cell(code)
        failure = done.error_before_exec or done.error_in_exec or self.failure
        if failure is not None:
            raise failure
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot and pyplot.get_fignums():
            pyplot.close("all")
            raise _UnshownError(f"leaves a figure of pyplot open; {_MAY_SHOW}")

    def evaluate(self, code: str) -> None:
        """Evaluate an expression of a sentence: its value is Markdown, or text."""
        self.shown, self.failure = [], None
        value = eval(code, self.user_global_ns, self.user_ns)
        written = getattr(value, "_repr_markdown_", None)
        if written:
            text = written().strip()
        else:
            text = str(value)
            _refuse_address(text)
            text = _MARKUP.sub(r"\\\1", text)
        self.shown.append({"form": "text/markdown", "content": text, "result": True})


class _Stream(io.TextIOBase):
    """What a cell prints, kept among what it shows."""

    encoding = "utf-8"

    def __init__(self, shell: _Shell, name: str, descriptor: int) -> None:
        self._shell, self._name, self._descriptor = shell, name, descriptor

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, text: str) -> int:
        last = self._shell.shown[-1] if self._shell.shown else {}
        if last.get("form") == self._name:
            last["content"] += text
        elif text:
            self._shell.shown.append({"form": self._name, "content": text, "result": False})
        return len(text)


class _Descriptor:
    """What goes to a file descriptor behind Python's back: a library in C, another program."""

    def __init__(self, number: int) -> None:
        self._file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the process)
        os.dup2(self._file.fileno(), number)

    def read(self) -> str:
        """Return what came since the last time."""
        if not self._file.seek(0, os.SEEK_END):
            return ""
        self._file.seek(0)
        text = self._file.read().decode("utf-8", errors="replace")
        self._file.seek(0)
        self._file.truncate()
        return text


def _refuse_address(text: str) -> None:
    if _ADDRESS.search(text):
        raise _UnshownError(f"shows {' '.join(text.split())}, which says nothing; {_MAY_SHOW}")


def _one_line(error: BaseException) -> str:
    if isinstance(error, _UnshownError):
        return str(error)
    name = type(error).__name__
    said = error.msg if isinstance(error, SyntaxError) else error
    last = f"{name}: {said}".strip().splitlines()[-1]
    return last if last.startswith(name) else f"{name}: {last}"


def _line(error: BaseException, namespace: dict[str, Any]) -> int:
    """Find the line of a cell at which it failed."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals is namespace:
            return trace.tb_lineno
        trace = trace.tb_next
    return (error.lineno or 1) if isinstance(error, SyntaxError) else 1


def _answer(shell: _Shell, item: dict[str, Any], behind: list[tuple[str, _Descriptor]]) -> Any:
    try:
        if item.get("inline"):
            shell.evaluate(item["code"])
        else:
            shell.run(item["code"])
    except BaseException as error:  # SystemExit of a cell is a fault as any other.
        return {"error": _one_line(error), "line": _line(error, shell.user_global_ns)}
    finally:
        for name, descriptor in behind:
            if text := descriptor.read():
                shell.shown.append({"form": name, "content": text, "result": False})
    said = "".join(each["content"] for each in shell.shown if each["form"] == "stderr")
    if said:
        # A warning shows its line of code too, indented.
        lines = [line for line in said.splitlines() if line.strip() and line[0] != " "]
        return {"error": f"on stderr: {' '.join(' '.join(lines or [said]).split())}", "line": 1}
    for each in shell.shown:
        if wrong := _NO_TEXT.search(each["content"]):
            return {"error": f"shows the character {wrong[0]!a}; {_MAY_SHOW}", "line": 1}
    return {"shown": shell.shown}


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Yield lines; end the process, whatever it is doing, once nobody is there to ask."""
    lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    idle = threading.Event()

    def listen() -> None:
        for line in source:
            lines.put(line)
        if idle.is_set():
            lines.put(None)
        else:
            os._exit(1)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        idle.set()
        line = lines.get()
        idle.clear()
        if line is None:
            return
        yield line


@contextmanager
def _as_found() -> Iterator[None]:
    """Give each chapter the folder, the environment and the warnings that the first one had."""
    folder, environment = Path.cwd(), dict(os.environ)
    with warnings.catch_warnings():
        try:
            yield
        finally:
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)


def main() -> None:
    """Answer on stdout what is asked on stdin."""
    # Ctrl-C is for whoever asks: this process ends with it, and has nothing of its own to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["MPLBACKEND"] = "agg"
    sys.path[:] = [os.getcwd(), *(path for path in sys.path if path != str(Path(__file__).parent))]
    settings = Config()
    # No result is kept: to forget thousands of them takes longer than most chapters.
    settings.InteractiveShell.cache_size = 0
    settings.HistoryManager.enabled = False
    settings.HistoryManager.hist_file = ":memory:"
    # IPython wants a folder to begin with, and does without it afterwards.
    with tempfile.TemporaryDirectory() as folder:
        shell = _Shell.instance(config=settings, profile_dir=ProfileDir(location=folder))
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    complaints = os.dup(2)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    behind = [("stdout", _Descriptor(1)), ("stderr", _Descriptor(2))]
    sys.stdout, sys.stderr = _Stream(shell, "stdout", 1), _Stream(shell, "stderr", 2)
    try:
        for line in _lines(asked):
            chapter = json.loads(line)
            shell.reset()
            with _as_found():
                for item in chapter["items"]:
                    signal.setitimer(signal.ITIMER_REAL, chapter["seconds"])
                    answer = _answer(shell, item, behind)
                    signal.setitimer(signal.ITIMER_REAL, 0)
                    answers.write(json.dumps(answer).encode("ascii") + b"\n")
                    answers.flush()
                    if "error" in answer:
                        break
    finally:
        # A fault of this program itself is told where its user looks.
        os.dup2(complaints, 2)
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__


if __name__ == "__main__":
    main()
