"""Build the book: by Quarto where it is on the path, else from parts (`builder`).

Both roads write the output folder whole or not at all: the book is made beside it and then put in
its place.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from scripts import check_inputs, downloads

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "_book"
OLDEST_QUARTO = (1, 10)


def run(command: list[str]) -> int:
    """Run a command at the root of the project; return its exit status."""
    return int(subprocess.run(command, cwd=ROOT, check=False).returncode)


def find_quarto() -> str | None:
    """Find a Quarto that is recent enough; say why where one is not."""
    quarto = shutil.which("quarto")
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


def render_book(quarto: str) -> int:
    """Render the whole book with Quarto, beside the output folder first."""
    beside = OUTPUT.with_name("_book.new")
    shutil.rmtree(beside, ignore_errors=True)
    status = run([quarto, "render", "--output-dir", beside.name])
    if status:
        shutil.rmtree(beside, ignore_errors=True)
        return status
    put_in_place(beside, OUTPUT)
    return 0


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
    status = check_inputs.main()
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
    sys.exit(main())
