"""Ctrl-C, put off where it must not strike in between."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread


@contextmanager
def interrupts_put_off() -> Iterator[None]:
    """Put Ctrl-C off to the end; a process that is spawned meanwhile leaves it to this one.

    What the shell had ignored when it started this process stays ignored.

    Raises
    ------
    KeyboardInterrupt
        At the end, if Ctrl-C was pressed meanwhile.
    """
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield
        return
    pressed = []
    handler = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    # A handler is not inherited by what is spawned; a blocked signal is. Windows has no such mask.
    has_mask = hasattr(signal, "pthread_sigmask")
    if has_mask:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if has_mask:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, handler)
    if pressed:
        raise KeyboardInterrupt
