"""Build the book: by Quarto where it is on the path, else from parts (`builder`).

Both roads write the output folder whole or not at all: the book is made beside it and then put in
its place. Quarto writes between the sources while it renders; here it does so in a copy of the
project, so that whatever ends it leaves no file in the tree, and two of them have nothing to share.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import http.server
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis import paths
from analysis.edition import read_edition
from builder.beside import beside, clear_up_when_ended, put_in_place, update
from scripts.check_inputs import COPY
from scripts.quarto import PROGRAM

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "_book"
OLDEST_QUARTO = (1, 10)
MADE = shutil.ignore_patterns(".*", "_book", "__pycache__", "*_files", "site_libs")
"""What the commands make, and no render needs."""
KEPT = shutil.ignore_patterns("idx")
"""What Quarto knows of the project and keeps under its full path."""
MEMORY = "--max-old-space-size=4096"
"""For what is old, of the 8192 MB that Quarto lets its program have. By itself it gives them all to
that: what is new has the least room there can be, and clearing it takes a fifth of the time."""


def run(
    command: Sequence[str | Path],
    folder: Path = ROOT,
    lock: int | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> int:
    """Run a command, and end it with whatever it started if this process is asked to end.

    Parameters
    ----------
    command : sequence of str or Path
    folder : Path
        Where it runs.
    lock : int, optional
        A descriptor that it shall hold.
    meanwhile : callable, optional
        What this process does while the command is at work.

    Returns
    -------
    int
        Its exit status.
    """
    process = None
    held = () if lock is None else (lock,)
    try:
        with signals_put_off():
            process = subprocess.Popen(command, cwd=folder, start_new_session=True, pass_fds=held)
        if meanwhile is not None:
            meanwhile()
        return process.wait()
    except BaseException:
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()
        raise


@contextmanager
def signals_put_off() -> Iterator[None]:
    """Let what asks this process to end wait: a program that is just started must be known."""
    came: list[int] = []
    asking = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in asking}
    before = {number: handler for number, handler in before.items() if callable(handler)}
    for number in before:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for each in came:
        signal.raise_signal(each)


def find_quarto() -> str | None:
    """Find a Quarto that is recent enough; say why where one is not."""
    quarto = shutil.which("quarto") or shutil.which("quarto", path=str(PROGRAM.parent))
    if quarto is None:
        return None
    shown = subprocess.run([quarto, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"(\d+)\.(\d+)", shown.stdout.strip())
    if found is None or tuple(map(int, found.groups())) < OLDEST_QUARTO:
        wanted = ".".join(map(str, OLDEST_QUARTO))
        print(
            f"Quarto {shown.stdout.strip() or '(no version)'} is older than {wanted}: not used",
            file=sys.stderr,
        )
        return None
    return quarto


def copy_project(folder: Path) -> Path:
    """Copy the project into a folder, with what Quarto remembers of it; give the copy."""
    copy = folder / ROOT.name
    shutil.copytree(ROOT, copy, ignore=MADE)
    if (ROOT / ".quarto").is_dir():
        shutil.copytree(ROOT / ".quarto", copy / ".quarto", ignore=KEPT)
    # The copy has no history: it is told its commit as an archive is.
    found = read_edition()
    day = datetime.datetime.combine(found.date, datetime.time(), datetime.UTC)
    (copy / ".archived").write_text(f"{day.timestamp():.0f} {found.commit}\n", encoding="utf-8")
    return copy


def render(quarto: str, chapter: str | None = None) -> int:
    """Render the book with Quarto, its inputs checked, or the page of one chapter."""
    named = os.environ.pop("DMP_RESPONDENTS", "")
    if named and os.path.realpath(named) != os.path.realpath(paths.RESPONDENTS):
        os.environ["DMP_RESPONDENTS"] = os.path.realpath(named)
    with beside(OUTPUT) as (folder, lock):
        copy = copy_project(folder)
        if chapter is None:
            from scripts import downloads  # noqa: PLC0415

            os.environ[COPY] = str(copy)
            meanwhile = functools.partial(downloads.make, copy.with_name(downloads.MADE))
            status = run([quarto, "render"], copy, lock, meanwhile)
        else:
            if OUTPUT.is_dir():
                shutil.copytree(OUTPUT, copy / OUTPUT.name)
            status = run([quarto, "render", chapter, "--to", "html"], copy, lock)
        if status:
            return status
        shutil.rmtree(copy / ".quarto" / "idx", ignore_errors=True)
        update(ROOT / ".quarto", copy / ".quarto")
        if chapter is None:
            put_in_place((copy / OUTPUT.name).rename(folder / OUTPUT.name), OUTPUT)
        else:
            update(OUTPUT, copy / OUTPUT.name)
    return 0


def build() -> int:
    """Build the book from parts."""
    from scripts import complete, downloads  # noqa: PLC0415

    with beside(OUTPUT) as (folder, lock):
        book = folder / OUTPUT.name
        made = folder / downloads.MADE
        meanwhile = functools.partial(downloads.make, made)
        status = run([sys.executable, "-m", "builder", "--output", book], ROOT, lock, meanwhile)
        if not status:
            downloads.write(book, made)
            complete.complete(book)
            put_in_place(book, OUTPUT)
        return status


def find_chapter(name: str) -> Path | None:
    """Find a chapter by its name, with or without its folder and its ending."""
    wanted = name.removesuffix(".qmd")
    for path in [ROOT / "index.qmd", *sorted((ROOT / "chapters").rglob("*.qmd"))]:
        relative = path.relative_to(ROOT).with_suffix("")
        if wanted in (relative.as_posix(), relative.name):
            return path
    return None


def serve() -> int:
    """Serve the finished book on this machine until interrupted."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(OUTPUT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        print(f"http://127.0.0.1:{server.server_port}/ (Ctrl-C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def main() -> int:
    """Build what the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chapter", help="re-run this chapter only")
    parser.add_argument("--preview", action="store_true", help="serve the book once it is built")
    arguments = parser.parse_args()

    os.environ.setdefault("QUARTO_PYTHON", sys.executable)
    os.environ.setdefault("QUARTO_DENO_V8_OPTIONS", MEMORY)
    quarto = find_quarto()
    chapter = None
    if arguments.chapter is not None:
        found = find_chapter(arguments.chapter)
        if found is None:
            print(f"no chapter is named {arguments.chapter!r}", file=sys.stderr)
            return 1
        chapter = found.relative_to(ROOT).as_posix()
    if quarto and chapter:
        return render(quarto, chapter)  # Quarto has the inputs checked, once.
    # What follows takes longer to import than a chapter takes to render.
    from scripts import check_inputs, edition  # noqa: PLC0415

    status = check_inputs.main() or edition.main()
    if status:
        return status
    if quarto and arguments.preview:
        return run([quarto, "preview"])
    if quarto:
        status = render(quarto)
    elif chapter:
        from scripts import complete  # noqa: PLC0415

        status = run([sys.executable, "-m", "builder", "--chapter", chapter])
        if not status:
            complete.complete(OUTPUT)
    else:
        status = build()
    return serve() if arguments.preview and not status else status


if __name__ == "__main__":
    clear_up_when_ended()
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\ninterrupted: the old book, if there is one, is as it was", file=sys.stderr)
        sys.exit(130)
