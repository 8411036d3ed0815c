"""The memory of a notebook is counted with the processes that its kernel starts."""

from __future__ import annotations

import subprocess
import sys

import nbformat
import numpy as np
import pytest

from benchmarks.notebooks import DOING, Cost, Watch, doing, read, resident, sentences, table
from labkit.measure.scores import all_pairs
from labkit.views import explorers
from labkit.views.callouts import Callout

MB = 10**6
HOLDS = """
import subprocess, sys
held = bytearray({own})  # written to, so it is resident
if {child}:
    code = "held = bytearray({child}); print('ready', flush=True); input()"
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
    other.stdout.readline()
if {gives_back}:
    del held
print("ready", flush=True)
input()
if {child}:
    other.communicate("")
print("alone", flush=True)
input()
"""


@pytest.fixture
def process():
    """Starts a process that holds memory, and so does its child; ended with the test."""
    started = []

    def start(own, child=0, gives_back=False):
        code = HOLDS.format(own=own, child=child, gives_back=gives_back)
        one = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(one)
        assert one.stdout.readline() == "ready\n"
        return one

    yield start
    for one in started:
        one.kill()
        one.communicate()


def test_a_child_s_memory_is_added_to_the_kernel_s_at_the_same_moment(process):
    alone, both = Watch(process(100 * MB).pid), Watch(process(100 * MB, 150 * MB).pid)
    for watch in (alone, both):
        watch.look()
    assert 100 * MB < alone.peak < 150 * MB
    assert 250 * MB < both.peak < 320 * MB


def test_the_peak_stays_when_the_child_has_ended_and_counts_nobody_twice(process):
    one = process(100 * MB, 150 * MB)
    watch = Watch(one.pid)
    watch.look()
    peak = watch.peak
    one.stdin.write("\n")
    one.stdin.flush()
    assert one.stdout.readline() == "alone\n"
    watch.look()
    assert watch.peak == peak and not any(map(resident, watch.process.children()))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux says VmHWM")
def test_what_a_kernel_held_between_two_looks_is_counted(process):
    watch = Watch(process(200 * MB, gives_back=True).pid)
    watch.look()
    assert watch.process.memory_info().rss < 100 * MB < 200 * MB < watch.peak


@pytest.mark.parametrize(("peak", "word"), [(450.0, "yes"), (450.1, "NO")])
def test_a_notebook_above_the_promise_is_named(peak, word):
    cost = Cost("05_unequal_errors", "open", 22, 60.0, 55.0, 9.0, peak, 1200, 300, 11.5)
    row = table([cost]).splitlines()[-1]
    assert row.endswith(f"| {peak:.0f} | {word} | 1,200 | 300 | 12 |")
    assert cost.within is (word == "yes")


def test_words_and_what_is_to_be_done_are_counted():
    """Prose without addresses, printed sentences; no folded table of a figure, no explorer."""
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("Four [words](a/b/c.md#d) of prose."),
            nbformat.v4.new_code_cell("answer = ...\ncheck('03-a', answer)"),
            nbformat.v4.new_code_cell("explorers.game(pairs)"),
            nbformat.v4.new_code_cell("explorers.groups(pairs)"),
            nbformat.v4.new_code_cell("print(1)"),
        ]
    )
    output = nbformat.v4.new_output
    people = np.repeat(np.arange(80), 2)
    explorer = explorers.redraw(
        all_pairs(np.random.default_rng(0).normal(size=(160, 3)), people), -0.5, sizes=(60,)
    ).outputs()
    assert len(explorer) == 2 and all("text/plain" in shown for shown in explorer)
    book.cells[4]["outputs"] = [
        output("stream", name="stdout", text="1,920 photographs\n"),
        output("display_data", data={"text/html": "<p>two words</p>", "text/plain": "two words"}),
        output(
            "display_data", data={"text/html": "<figure>", "text/plain": "not these four words"}
        ),
        *(output("display_data", data=shown) for shown in explorer),
        output("display_data", data=Callout("finding", "So it is.")._repr_mimebundle_()),
        output("display_data", data=Callout("exercise", "Not yet.")._repr_mimebundle_()),
    ]
    assert read(book) == (4, 2 + 2 + 4 + 3), "each with its label"
    assert sentences(book) == 2 + 4, "printed, and the finding"
    assert doing(book) == DOING["check("] + DOING["explorers.game("] + DOING["explorers."]
