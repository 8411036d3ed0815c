"""Work on several processes: every result once with its number, one thread each, faults said."""

from __future__ import annotations

import os
import signal

import pytest

from labkit.base.processes import check_workers, each


def where(k):
    """The process, and the threads that it computes on."""
    import cv2
    import numba

    return k, os.getpid(), cv2.getNumThreads(), numba.get_num_threads()


def ends(k):
    if k == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return k


def refuses(k):
    if k == 1:
        raise ValueError(f"{k} is refused")
    return k


def test_one_worker_works_here_and_in_order():
    assert [r for _, r in each(where, [(k,) for k in range(3)], workers=1, quiet=True)] == [
        (k, os.getpid(), *where(k)[2:]) for k in range(3)
    ]


@pytest.mark.parametrize("threads", [None, "2"])
def test_every_process_computes_on_one_thread(monkeypatch, threads):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if threads:
        monkeypatch.setenv("NUMBA_NUM_THREADS", threads)
    found = dict(each(where, [(k,) for k in range(6)], workers=2, quiet=True))
    assert sorted(found) == list(range(6)) and all(found[k][0] == k for k in found)
    assert all(result[1] != os.getpid() and result[2:] == (1, 1) for result in found.values())


def test_a_process_that_is_ended_from_outside_gives_one_sentence():
    with pytest.raises(RuntimeError, match="ended from outside, mostly for lack of memory"):
        list(each(ends, [(k,) for k in range(6)], workers=2, quiet=True))
    again = dict(each(refuses, [(2,), (3,)], workers=2, quiet=True))
    assert again == {0: 2, 1: 3}, "the next work is done by fresh processes"


def test_an_error_in_a_process_is_the_error_here():
    with pytest.raises(ValueError, match="1 is refused"):
        list(each(refuses, [(k,) for k in range(6)], workers=2, quiet=True))


def test_the_bar_counts_what_is_finished(capsys):
    list(each(refuses, [(k,) for k in range(2, 6)], workers=1, label="people"))
    bar = capsys.readouterr().err
    assert "people: 100%" in bar and "4/4" in bar
    list(each(refuses, [(2,)], workers=1, quiet=True))
    assert capsys.readouterr().err == ""


def test_workers_are_counted():
    assert check_workers(None) >= 1 and check_workers(3) == 3
    with pytest.raises(ValueError, match="workers 0 cannot work: give 1 or more"):
        check_workers(0)
