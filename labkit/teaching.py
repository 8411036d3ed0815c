"""Teaching population with shape linked to tone: ``python -m labkit.teaching``.

In: person seeds from 70000.  Out: ``data/teaching/linked``: tables and dlib templates of people
whose face shape is mildly linked to skin tone **on purpose**, as a control for the audit of
notebook 05.  The people of Anytown have no such link.  What the control turned out to show, and
what not, stands in ``data/teaching/DATASHEET.md``.

The link (:data:`labkit.people.person.LINK`) alternates in sign from one shape parameter to the
next: it is built from no real group's face, and the pictures are not shipped, so that nobody is
shown "what a tone looks like".

Everything else is as in :mod:`labkit.make`, whose functions are used: the same balance of people,
the same photographs, detector, alignment and network.  Finished people are kept in a cache, so an
interrupted run goes on where it stopped; the folder appears only when it is whole.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.files import CHECKSUMS, write_checksums, write_whole
from labkit.make import HERE, Plan, Studio, _cached, _work, choose, fingerprint, tables
from labkit.parallel import check_workers, each
from labkit.people.person import Person, sample_person

PLAN = Plan("linked", 70_000, 80, 4, pictures=False)
"""80 people in each cell of tone band x presentation half, 4 photographs each, templates only."""


def people(limit: int | None = None) -> tuple[Person, ...]:
    """The people of the teaching population, in the order of their seeds.

    They have the seeds, tones, presentations and ages that :func:`labkit.make.choose` accepts; only
    their shape differs from what these seeds would give without the link.

    Parameters
    ----------
    limit
        The first few only, for trials.

    Examples
    --------
    >>> first = people(1)[0]
    >>> first.seed, first.tone == sample_person(first.seed).tone
    (70000, True)
    >>> first.shape == sample_person(first.seed).shape
    False
    """
    return tuple(sample_person(p.seed, linked=True) for p in choose(PLAN, limit))


def make(
    *,
    data: Path | None = None,
    cache: Path | None = None,
    limit: int | None = None,
    workers: int | None = None,
    quiet: bool = False,
    studio: Studio | None = None,
) -> dict[str, int]:
    """Make ``teaching/linked`` and say how many faces were found.

    Parameters
    ----------
    data
        Folder to write to; ``data/`` beside the package when ``None``.
    cache
        Folder for finished people; ``build/teaching`` beside the package when ``None``.
    limit
        First people only; refused for the package's own ``data/``.
    workers
        Processes; all cores when ``None``.
    quiet
        No progress bar.
    studio
        The renderer; a stand-in in tests.

    Returns
    -------
    dict
        people, photographs, failed.

    Raises
    ------
    ValueError
        For a limit on the shipped data, or one that leaves nobody.
    OSError
        When a folder cannot be written to.
    """
    check_workers(workers)
    if limit is not None and data is None:
        raise ValueError("--limit makes a trial: give it another folder with --data")
    if limit is not None and limit < 1:
        raise ValueError(f"limit {limit} leaves nobody: give 1 or more")
    data = HERE / "data" if data is None else Path(data)
    cache = (HERE / "build" / "teaching" if cache is None else Path(cache)) / fingerprint()
    everyone = people(limit)
    paths = [cache / f"{person.seed}.npz" for person in everyone]
    studio = studio or Studio()
    jobs = [(PLAN, p, f, studio) for p, f in zip(everyone, paths, strict=True) if not f.is_file()]
    for _ in each(_work, jobs, workers=workers, label="teaching/linked", quiet=quiet):
        pass
    return _assemble(everyone, [_cached(path) for path in paths], data / "teaching")


def _assemble(
    everyone: tuple[Person, ...], results: list[dict[str, NDArray[Any]]], top: Path
) -> dict[str, int]:
    """Put the finished people into their folder, which appears only when it is whole."""
    place, part = top / PLAN.name, top / f".{PLAN.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    for name, table in zip(("people", "images"), tables(PLAN, everyone, results), strict=True):
        write_whole(part / f"{name}.csv", table.to_csv(index=False, lineterminator="\n").encode())
    content = io.BytesIO()
    np.save(content, np.concatenate([r["template"] for r in results]))
    write_whole(part / "templates.npy", content.getvalue())
    seeds = {"set": PLAN.name, "first": PLAN.start, "linked": True, "code": fingerprint(),
             "people": [p.seed for p in everyone]}  # fmt: skip
    write_whole(part / "seeds.json", (json.dumps(seeds, indent=1) + "\n").encode())
    (top / CHECKSUMS).unlink(missing_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    part.rename(place)
    write_checksums(top)
    found = np.concatenate([r["ok"] for r in results])
    return {"people": len(everyone), "photographs": len(found), "failed": int((~found).sum())}


def main(args: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m labkit.teaching",
        description="Make data/teaching/linked, a control of notebook 05: shape linked to tone.",
    )
    parser.add_argument("--data", type=Path, help="folder to write to (default: data/)")
    parser.add_argument("--cache", type=Path, help="folder for finished people")
    parser.add_argument("--limit", type=int, help="first people only, for a trial; needs --data")
    parser.add_argument("--workers", type=int, help="processes (default: all cores)")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    try:
        counts = make(**vars(parser.parse_args(args)))
    except (ValueError, OSError, RuntimeError) as error:
        print(f"labkit.teaching: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped: run the same command again, it goes on where it was", file=sys.stderr)
        return 130
    print("teaching/linked: {people} people, {photographs} photographs, no face found in {failed}"
          .format(**counts))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
