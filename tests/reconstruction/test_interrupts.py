"""Ctrl-C where it must not strike in between."""

from __future__ import annotations

import signal

import pytest

from analysis.reconstruction.ensemble import interrupts_put_off


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_is_put_off_to_the_end() -> None:
    done = []

    @interrupts_put_off()
    def press_and_go_on() -> None:
        signal.raise_signal(signal.SIGINT)
        done.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        press_and_go_on()
    assert done == ["all of it"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_that_was_ignored_before_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts_put_off():
            signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        pytest.fail("it was not ignored")
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
