"""The load test of a class on JupyterHub, with two learners: what it counts and must see."""

from __future__ import annotations

import json
import mmap
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import hub as report
from benchmarks.classroom import rounds, sizing
from benchmarks.classroom.learner import FOLDER, Learner
from benchmarks.classroom.memory import Sampler
from benchmarks.classroom.rounds import Round
from benchmarks.classroom.serving import Hub, until
from tests.benchmarks.tools import jupyterhub, node
from tests.browser.test_jupyterlab import notebook

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc of Linux")
MB = 10**6
FIRST, SECOND, WRONG = "00_start_here.ipynb", "01_second.ipynb", "02_wrong.ipynb"
WHO = "import os\nprint(os.environ['JUPYTERHUB_USER'])"


@pytest.fixture(scope="module")
def class_of_two(tmp_path_factory) -> tuple[Hub, Round]:
    """Two learners and three small notebooks, the last with an error."""
    folder = tmp_path_factory.mktemp("class")
    books = folder / "notebooks"
    books.mkdir()
    (books / FIRST).write_text(notebook("import labkit", WHO))
    (books / SECOND).write_text(notebook("a = 1", "a += 1", "print('a is', a)", WHO))
    (books / WRONG).write_text(notebook("1 / 0"))
    proxy = str(node() / ".bin" / "configurable-http-proxy")
    with Hub(folder / "hub", str(jupyterhub()), proxy) as hub:
        repo = rounds.repository(folder / "class", books)
        yield hub, rounds.run(hub, 2, [FIRST, SECOND, WRONG], repo, every=0.5)
    assert not hub.everybody(), "something still runs"
    assert all(p.poll() is not None for p in hub.processes.values())


def test_everybody_starts_fetches_runs_and_saves(class_of_two):
    """Each in their own server: the name that a cell printed is in the learner's own file."""
    hub, result = class_of_two
    assert [one.name for one in result.learners] == ["learner-01", "learner-02"]
    assert len(result.waited("start")) == len(result.waited("pull")) == 2
    for one in result.learners:
        for name, outputs in ((FIRST, [one.name]), (SECOND, ["a is 2", one.name])):
            book = json.loads((hub.home(one.name) / FOLDER / name).read_text())
            text = [out["text"] for cell in book["cells"] for out in cell["outputs"]]
            assert ["".join(t).strip() for t in text] == outputs
    assert all(0 < r < 300 for r in result.waited("first", FIRST))


def test_a_cell_s_error_is_a_failure_and_there_is_no_other(class_of_two):
    _hub, result = class_of_two
    expected = [f"{n}: {WRONG}, cell 1: ZeroDivisionError: division by zero" for n in names(result)]
    assert sorted(result.failures) == sorted(expected)


def test_each_journal_is_the_learner_s_own(class_of_two):
    """Finding: labkit, installed once, kept one journal for everybody beside itself."""
    hub, result = class_of_two
    for one, other in zip(result.learners, reversed(result.learners)):
        text = (hub.home(one.name) / ".lab" / "journal.json").read_text()
        assert one.name in text and other.name not in text


def test_a_killed_kernel_and_a_killed_hub_lose_nothing(class_of_two):
    """The first learner's kernel was killed in the second notebook, and then the hub."""
    _hub, result = class_of_two
    assert len(result.hub_away) == 2 and not result.lost
    assert SECOND not in result.learners[0].times.notebook, "the kernel was not killed"
    assert result.learners[0].cells == 2 + 2 + 4 + 1, "half the notebook, and then all of it"
    assert result.learners[1].cells == 2 + 4 + 1


def test_what_was_lost_would_be_seen(class_of_two):
    hub, result = class_of_two
    one = result.learners[1]
    file = hub.home(one.name) / FOLDER / SECOND
    journal = hub.home(one.name) / ".lab" / "journal.json"
    saved, kept = file.read_bytes(), journal.read_bytes()
    file.write_text(notebook("a = 1"))
    journal.write_bytes(kept.replace(b"learner-02", b"learner-01"))
    try:
        assert one.lost() == [
            f"learner-02: {FOLDER}/{SECOND} is not what was saved",
            "learner-02: the journal holds 'learner-01' for the learner's name",
        ]
    finally:
        file.write_bytes(saved)
        journal.write_bytes(kept)
    assert not one.lost()


def test_memory_and_processor_were_seen(class_of_two):
    _hub, result = class_of_two
    sampler = result.sampler
    assert result.servers > 2 * 20 * MB and sampler.kernel > 20 * MB
    assert sampler.busiest.total <= 2 * sampler.largest
    assert set(sampler.busiest.learners) == set(names(result))
    assert sampler.processor > result.starting > 0.1
    assert sampler.hub > 50 * MB


def test_the_report_says_what_was_found(class_of_two):
    _hub, result = class_of_two
    text = report.document([result], sys.executable)
    assert "| 2 | " in report.growth([result]) and "ZeroDivisionError" in text
    assert "not as they were saved: none" in text
    rows = [line for line in text.splitlines() if line.startswith(("| 30 ", "| 100 ", "| 500 "))]
    assert len(rows) == len(sizing.CLASSES)


def names(result: Round) -> list[str]:
    return [one.name for one in result.learners]


# ---- memory: shared pages once ------------------------------------------------------------------

SHARES = """
import mmap, sys
with open(sys.argv[1], "rb") as file:
    held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    sum(held[k] for k in range(0, len(held), 4096))  # every page is touched
    print("ready", flush=True)
    input()
"""


class Pretended:
    """A hub whose learners are these processes."""

    processes: dict = {}  # noqa: RUF012

    def __init__(self, people: dict[int, str]) -> None:
        self.people = people

    def everybody(self) -> dict[int, str]:
        return self.people


def test_pages_that_learners_share_are_counted_once(tmp_path):
    file = tmp_path / "shared"
    file.write_bytes(os.urandom(60 * MB // mmap.PAGESIZE * mmap.PAGESIZE))
    started = [
        subprocess.Popen(
            [sys.executable, "-c", SHARES, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    try:
        assert all(one.stdout.readline() == "ready\n" for one in started)
        people = {one.pid: f"learner-{k}" for k, one in enumerate(started)}
        together = Sampler(Pretended(people), 1).look()
        assert 60 * MB < together.total < 120 * MB
        assert len(together.kernels) == 3 and max(together.kernels.values()) < 50 * MB
        both = dict.fromkeys(list(people)[:2], "learner-0")
        assert len(Sampler(Pretended(both), 1).look().learners) == 1
    finally:
        for one in started:
            one.kill()
            one.communicate()


def test_waiting_ends_when_nothing_happens():
    with pytest.raises(TimeoutError, match="a kettle boils: not within 0 s"):
        until(lambda: False, "a kettle boils", 0)


# ---- how large a computer -----------------------------------------------------------------------

GIB = sizing.GIB
FOUND = sizing.Measured(
    server=0.1 * GIB, kernel=0.2 * GIB, hub=0.5 * GIB, start=2, work=60, minutes=80
)


def test_memory_and_cores_grow_with_the_class_as_the_formula_says():
    assert FOUND.memory(30) == pytest.approx((0.5 + 30 * 0.5) * GIB)
    assert FOUND.cores(30) == pytest.approx(30 * sizing.RUSH * 60 / (80 * 60))
    slow = sizing.Measured(**{**vars(FOUND), "start": 30})
    assert slow.cores(30) == pytest.approx(30 * 30 / 60), "all start within a minute"


@pytest.mark.parametrize(
    ("learners", "count", "name"),
    [(30, 1, "small"), (40, 1, "large"), (120, 1, "large"), (130, 5, "small"), (240, 2, "large")],
)
def test_the_cheapest_machines_that_hold_a_class_are_chosen(learners, count, name):
    """15.5 GiB; 20.5, in one machine up to 100 learners; 60.5; 65.5; 120.5."""
    offered = [
        sizing.Machine("P", "small", 4, 17, 1.0, ""),
        sizing.Machine("P", "large", 8, 64, 3.5, ""),
    ]
    assert sizing.cheapest(FOUND, learners, offered) == (
        count,
        next(m for m in offered if m.name == name),
    )


def test_the_price_list_says_of_each_machine_where_its_price_is_from():
    offered = sizing.machines()
    assert {m.provider for m in offered} == {"Google Cloud", "Amazon Web Services"}
    assert all(m.dollars > 0 and m.cores > 1 and m.gib > 1 and m.source for m in offered)
    table = sizing.table(FOUND, offered).splitlines()
    assert len(table) == 2 + len(sizing.CLASSES) and table[2].startswith("| 30 | 16 | 1.5 | 1 x ")


def test_the_repository_for_learners_holds_the_notebooks_alone(tmp_path):
    repo = rounds.repository(tmp_path / "class")
    listed = subprocess.run(
        ["git", "-C", str(repo), "ls-tree", "-r", "--name-only", "class"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert listed == sorted(p.name for p in (Path(report.ROOT) / "notebooks").iterdir())


def test_a_learner_is_one_that_the_hub_knows(class_of_two):
    hub, _result = class_of_two
    stranger = Learner(hub, "nobody")
    rounds._noting(Learner.start, stranger)
    assert stranger.failures == ["nobody: HTTPError: HTTP Error 404: Not Found"]
