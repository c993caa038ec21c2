"""Build the book: by Quarto where it is on the path, else from parts (`builder`).

Both roads write the output folder whole or not at all: the book is made beside it and then put in
its place.  Quarto runs every chapter once for the pages and once more for the PDF; two processes do
the two at a time, the second one in a copy of the project, because a render writes between the
sources.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.survey import is_rebuilt, source
from scripts import check_inputs, downloads, edition
from scripts.quarto import PROGRAM

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "_book"
OLDEST_QUARTO = (1, 10)
PDF_FORMAT = "these-typst"
MADE = shutil.ignore_patterns(
    ".*", "_book", "_book.new", "_book.old", "__pycache__", "*_files", "site_libs"
)
"""What the commands make, and no render needs."""


def run(command: list[str]) -> int:
    """Run a command at the root of the project; return its exit status."""
    return int(subprocess.run(command, cwd=ROOT, check=False).returncode)


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


def put_in_place(built: Path, output: Path) -> None:
    """Put a finished folder in the place of the old one."""
    old = output.with_name(output.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if output.exists():
        output.rename(old)
    built.rename(output)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def render_pdf(quarto: str) -> Iterator[Callable[[], Path]]:
    """Render the PDF in a copy of the project, while the caller does something else.

    Yields
    ------
    callable
        Waits for the PDF, shows what Quarto said, and gives its path.  A render that failed is made
        once more, alone.

    Raises
    ------
    subprocess.CalledProcessError
        When waited for, if Quarto fails twice.
    """
    with tempfile.TemporaryDirectory(prefix="dmp-herault-") as folder:
        copy, log = Path(folder, ROOT.name), Path(folder, "log")
        shutil.copytree(ROOT, copy, ignore=MADE)
        command = [quarto, "render", "--to", PDF_FORMAT]
        with log.open("wb") as said:
            # A process group of its own: Quarto and what it starts can be ended together.
            process = subprocess.Popen(
                command, cwd=copy, stdout=said, stderr=said, start_new_session=True
            )

        def finish() -> Path:
            failed = process.wait() != 0
            shown = sys.stderr if failed else sys.stdout
            print(log.read_text("utf-8", errors="replace"), end="", file=shown, flush=True)
            if failed:
                # One of nine renders side by side failed; why was not found.
                print("the PDF failed beside the pages: once more, alone", file=sys.stderr)
                subprocess.run(command, cwd=copy, check=True)
            return next((copy / OUTPUT.name).glob("*.pdf"))

        try:
            yield finish
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()


def render_book(quarto: str) -> int:
    """Render the whole book with Quarto, beside the output folder first."""
    beside = OUTPUT.with_name("_book.new")
    shutil.rmtree(beside, ignore_errors=True)
    if not is_rebuilt():
        os.environ["DMP_RESPONDENTS"] = str(source().resolve())
    try:
        with render_pdf(quarto) as finish:
            status = run([quarto, "render", "--to", "html", "--output-dir", beside.name])
            if not status:
                shutil.copy(finish(), beside)
                put_in_place(beside, OUTPUT)
    except subprocess.CalledProcessError as error:
        status = error.returncode
    finally:
        shutil.rmtree(beside, ignore_errors=True)
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
    status = check_inputs.main() or edition.main()
    if status:
        return status
    quarto = find_quarto()
    chapter = None
    if arguments.chapter is not None:
        chapter = find_chapter(arguments.chapter)
        if chapter is None:
            print(f"no chapter is named {arguments.chapter!r}", file=sys.stderr)
            return 1
    if chapter is not None:
        relative = str(chapter.relative_to(ROOT))
        if quarto:
            command = [quarto, "render", relative, "--to", "html"]
        else:
            command = [sys.executable, "-m", "builder", "--chapter", relative]
        return run(command)
    if quarto and arguments.preview:
        return run([quarto, "preview"])
    if quarto:
        status = render_book(quarto)
    else:
        status = run([sys.executable, "-m", "builder"])
        if not status:
            downloads.write(OUTPUT)
    return serve() if arguments.preview and not status else status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\ninterrupted: the old book, if there is one, is as it was", file=sys.stderr)
        sys.exit(130)
