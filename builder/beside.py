"""Write a folder whole or not at all.

What is built for a folder is built in another one beside it, and takes its place by a rename. A
build that is interrupted takes its folder away; one that is killed leaves it, and the next build
takes it away. A lock tells which of them still have somebody at work: it is let go of when the
process ends that holds it, however that ends.
"""

import contextlib
import errno
import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["beside", "clear_up_when_ended", "put_in_place", "update"]

_OLD = "old"
_ENDING = ".build"
"""Of the names of such folders: the one that Quarto renders into has another."""


def clear_up_when_ended() -> None:
    """Let this process take its folders away when it is asked to end, as it does after Ctrl-C."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)


@contextlib.contextmanager
def beside(target: Path) -> Iterator[tuple[Path, int]]:
    """Give a folder to build in, and take it away.

    Parameters
    ----------
    target
        What is to be written. A folder that was in its place is put back where a build was killed
        between the two renames of `put_in_place`.

    Yields
    ------
    tuple of Path and int
        The folder, empty, and the descriptor of its lock: a process that inherits it keeps the
        folder.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for folder in target.parent.glob(f".{target.name}.*{_ENDING}"):
        lock = _take(folder)
        if lock is not None:
            _clear(folder, target, lock)
    lock = None
    while lock is None:
        folder = Path(tempfile.mkdtemp(_ENDING, f".{target.name}.", target.parent))
        lock = _take(folder)  # Another build that begins may take it away before it is held.
    try:
        yield folder, lock
    finally:
        _clear(folder, target, lock)


def put_in_place(built: Path, target: Path) -> None:
    """Put a finished folder, inside that of `beside`, in the place of the old one."""
    while True:
        try:
            built.rename(target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        else:
            return
        # Another build that ends at once may take the old folder first, or put its own there.
        shutil.rmtree(built.with_name(_OLD), ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            target.rename(built.with_name(_OLD))


def update(target: Path, built: Path) -> None:
    """Write into a folder those files of another that are not the same there, each at once."""
    for path in sorted(built.rglob("*")):
        own = target / path.relative_to(built)
        if path.is_dir():
            own.mkdir(parents=True, exist_ok=True)
        elif not own.is_file() or own.read_bytes() != path.read_bytes():
            own.parent.mkdir(parents=True, exist_ok=True)
            path.replace(own)


def _take(folder: Path) -> int | None:
    """Lock a folder; None where there is none, or somebody holds it."""
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    # Where the standard input is closed the first descriptor is 0, which a child would read.
    descriptor = fcntl.fcntl(opened, fcntl.F_DUPFD_CLOEXEC, 3)
    os.close(opened)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.stat()  # It may be held because whoever held it has taken it away.
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _clear(folder: Path, target: Path, lock: int) -> None:
    with contextlib.suppress(OSError):  # There is none, or the new one is in its place.
        (folder / _OLD).rename(target)
    shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)
