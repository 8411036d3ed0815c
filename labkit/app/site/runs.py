"""Notebooks that ran: executed once, kept until something that they rest on changes.

In: the name of a notebook and a form.  Out: the notebook with its outputs and the state of its
widgets, from ``build/site`` of the lab's folder where it is kept, which git does not track.

A run rests on the notebook's cells, on the code that they call, on words and data; not on how pages
or explorers look, so that a changed template runs no notebook again.
"""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import functools
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.app import notebooks
from labkit.app.kit.solutions import COLOURS, SECONDS
from labkit.app.site.frame import Site
from labkit.base.files import write_whole
from labkit.base.processes import cores
from labkit.base.words import LOCALES

KEPT = Path("build") / "site"
MOST_AT_ONCE = 4
"""Kernels at a time: each may take 450 MB."""

CALLED = ("*.py", "*.css", "*.j2")
DOCTOR = Path("labkit") / "app" / "doctor.py"
"""What of ``labkit/app`` a notebook calls."""

LOOKS = ("_esm", "_css")
"""What a widget's state says of its look; pages bring their own."""

Told = Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """A notebook in one form, to be executed.

    Parameters
    ----------
    name
        Such as ``"03_tune_the_threshold"``.
    form
        ``"open"`` or ``"solved"``.
    content
        Its file.
    place
        Where it is kept after it ran.
    """

    name: str
    form: str
    content: str
    place: Path

    @property
    def cells(self) -> int:
        """How many cells with code it has."""
        return sum(cell["cell_type"] == "code" for cell in json.loads(self.content)["cells"])


def need(name: str, form: str) -> str:
    """What a product says that needs this notebook executed.

    Examples
    --------
    >>> need("03_tune_the_threshold", "open")
    '03_tune_the_threshold open'
    """
    return f"{name} {form}"


def of(site: Site, name: str, form: str) -> Run:
    """The run of a notebook."""
    content = _content(site.project, name, form, site.language)
    rests_on = content + ground(site.project, site.language) + site.language.encode()
    key = hashlib.sha256(rests_on).hexdigest()[:20]
    file = f"{name}.{form}.{site.language}.{key}.json"
    return Run(name, form, content.decode(), site.project / KEPT / file)


@functools.cache
def _content(project: Path, name: str, form: str, language: str) -> bytes:
    source = project / notebooks.SOURCE / f"{name}.py"
    return notebooks.build(source, form, project / notebooks.OPEN, project, language)


@functools.cache
def ground(project: Path, language: str) -> bytes:
    """Checksum of what a cell may call: code, words and data, without pages and scripts."""
    made = hashlib.sha256()
    found = [
        *(project / "lessons").rglob("*.py"),
        *(p for kind in CALLED for p in (project / "labkit").rglob(kind)),
        *LOCALES.glob(f"{language}/LC_MESSAGES/*.mo"),
        project / DOCTOR,
    ]
    app, explorers = project / "labkit" / "app", project / "labkit" / "views" / "explorers"
    for path in sorted(found):
        page = app in path.parents and path != project / DOCTOR
        looks = explorers in path.parents and path.suffix == ".css"
        if not page and not looks:
            made.update(path.relative_to(project).as_posix().encode() + path.read_bytes())
    for path in sorted((project / "data").glob("*/checksums.txt")):
        made.update(path.read_bytes())
    return made.digest()


def executed(site: Site, name: str, form: str) -> Any:
    """The notebook after all its cells ran; it runs now where that is not kept.

    Raises
    ------
    RuntimeError
        With one sentence, when a cell fails.
    """
    import nbformat

    one = of(site, name, form)
    if not one.place.is_file():
        run(site, [one], lambda what: None)
    return nbformat.reads(one.place.read_text("utf-8"), as_version=4)


def missing(site: Site, needs: Iterable[str]) -> list[Run]:
    """The runs that are needed and not kept, each once."""
    runs = [of(site, *text.split(" ")) for text in dict.fromkeys(needs)]
    return [one for one in runs if not one.place.is_file()]


def run(site: Site, runs: Sequence[Run], told: Told) -> None:
    """Execute notebooks, several at a time, and keep each as soon as it is done.

    Parameters
    ----------
    site
        Whose language and folder they run in.
    runs
        Which.
    told
        Is told of each cell that ran.

    Raises
    ------
    RuntimeError
        With one sentence, when a cell fails; the others are stopped.
    """
    if not runs:
        return
    # In a thread of its own: there nbclient leaves the keys that stop a program alone.
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda loop, about: None)  # what a kernel's end leaves behind
        task = loop.create_task(_all(site, runs, told))
        done = pool.submit(loop.run_until_complete, task)
        try:
            done.result()
        except BaseException:
            if not done.done():
                loop.call_soon_threadsafe(task.cancel)
                concurrent.futures.wait([done])
            raise
        finally:
            loop.close()


async def _all(site: Site, runs: Sequence[Run], told: Told) -> None:
    room = asyncio.Semaphore(min(cores(), MOST_AT_ONCE))

    async def one(run: Run) -> None:
        async with room:
            await _one(site, run, told)

    tasks = [asyncio.ensure_future(one(run)) for run in runs]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            if not task.cancelling():  # a second time would end the ending of its kernel
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _one(site: Site, one: Run, told: Told) -> None:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    book = nbformat.reads(one.content, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            book,
            timeout=SECONDS,
            kernel_name="python3",
            extra_arguments=["--log-level=CRITICAL"],  # errors of cells come as messages
            resources={"metadata": {"path": str(site.project / notebooks.OPEN)}},
            on_cell_executed=lambda **about: told(f"{one.name[:2]} {one.form}"),
        )
        mine = {"LABKIT_JOURNAL": str(Path(folder) / "journal.json"), "OMP_NUM_THREADS": "1"}
        try:
            await client.async_execute(env=os.environ | mine)
        except (CellExecutionError, CellTimeoutError) as error:
            last = COLOURS.sub("", str(error)).strip().splitlines()[-1]
            raise RuntimeError(
                f"{one.name} stopped, so it has no page: {last}; python -m labkit doctor says"
                " whether the lab is whole"
            ) from None
        finally:
            atexit.unregister(client._cleanup_kernel)
    _keep(one, book)


def _keep(one: Run, book: Any) -> None:
    """Write a run, and remove those of the same notebook that it replaces."""
    import nbformat

    states = book.metadata.get("widgets", {}).values()
    for widget in (widget for part in states for widget in part["state"].values()):
        for look in LOOKS:
            widget["state"].pop(look, None)
    write_whole(one.place, nbformat.writes(book).encode())
    before = ".".join(one.place.name.split(".")[:3])
    for path in one.place.parent.glob(f"{before}.*.json"):
        if path != one.place:
            path.unlink()
