"""Make ``data/networks`` again: ``python -m labkit make nets``.

In: the mixes of :mod:`labkit.making.nets.people`.  Out: networks, what each gets wrong on Anytown's
people, a card for each, checksums.

Photographs, chips and finished networks are kept in the cache, so an interrupted run goes on where
it stopped.  Training needs the extra ``train`` (JAX, flax, optax, jax2onnx); judging does not.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data as bundled
from labkit.base.codec import decode
from labkit.base.files import CHECKSUMS, put_folder, write_checksums, write_whole
from labkit.base.places import PROJECT
from labkit.base.processes import each
from labkit.making.fingerprint import fingerprint
from labkit.making.nets import cards, judging, sets, sitting
from labkit.making.nets.people import CONTROLS, MIXES, POOLS, TRAININGS, Mix, people_of, pool
from labkit.making.nets.recipe import recipe_for
from labkit.making.plans import BANDS, band
from labkit.making.studio import Studio, pictures_in
from labkit.matchers import network as networks

ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
"""For XLA: sums over threads need not give the same weights twice, and each core trains one."""


def names() -> list[str]:
    """All networks, first trainings before second ones."""
    return [
        f"{mix.name}-{k}"
        for k in range(TRAININGS)
        for mix in MIXES.values()
        if k == 0 or mix.pools == 1
    ]


def of_name(name: str) -> tuple[Mix, int]:
    """Mix and training of a network.

    Raises
    ------
    ValueError
        For a name that is none.

    Examples
    --------
    >>> mix, training = of_name("90-10-2")
    >>> mix.people, training
    ((576, 0, 64), 2)
    """
    if name not in names():
        raise ValueError(f"there is no network {name!r}: use one of {', '.join(names())}")
    mix, _, training = name.rpartition("-")
    return MIXES[mix], int(training)


def make(
    *,
    data: Path | None = None,
    cache: Path | None = None,
    only: Iterable[str] | None = None,
    workers: int | None = None,
    quiet: bool = False,
    studio: Studio | None = None,
) -> None:
    """Draw the training people, train what is not trained yet, judge all and write the tables.

    Then the registered network describes the sets whose pictures are not shipped.

    Parameters
    ----------
    data, cache, workers, quiet, studio
        As for :func:`labkit.making.store.make`.  The people whom networks are judged on are
        always those that are bundled.
    only
        Names of networks; what else is trained already is judged with them.

    Raises
    ------
    ValueError
        For a network that does not exist, or without the extra ``train`` when something is to be
        trained.
    OSError
        When a folder cannot be written to.
    """
    wanted = names() if only is None else list(only)
    if not wanted:
        raise ValueError("no network was named: leave out --only for all of them")
    for name in wanted:
        of_name(name)
    data = PROJECT / "data" if data is None else Path(data)
    cache = (PROJECT / "build" / "make" if cache is None else Path(cache)) / fingerprint()
    if not all(_trained(cache, name).is_file() for name in wanted):
        _check_extra()
    (data / bundled.NETWORKS).mkdir(parents=True, exist_ok=True)  # said before hours of work
    sitting.sit(cache, pools=_pools(wanted), workers=workers, quiet=quiet, studio=studio)
    jobs = [(name, cache) for name in wanted if not _trained(cache, name).is_file()]
    for _ in each(train, jobs, workers=workers, label="networks", unit="network", quiet=quiet):
        pass
    write(data, cache)
    if networks.REGISTERED in wanted:
        sets.describe(data=data, cache=cache.parent, workers=workers, quiet=quiet, studio=studio)


EXTRA = ("jax", "flax", "optax", "jax2onnx")


def _check_extra() -> None:
    """``ValueError`` when what trains is not installed; before anybody is drawn."""
    lost = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    if lost:
        raise ValueError(
            f"training needs {', '.join(lost)}, which no other part of the lab does: run `python -m"
            " pip install --no-deps -r requirements-train.lock` first"
        )


def _pools(wanted: Iterable[str]) -> list[int]:
    """The pools that networks learn from."""
    found: set[int] = set()
    for name in wanted:
        mix, training = of_name(name)
        found |= set(range(training, training + mix.pools))
    return sorted(found)


def _trained(cache: Path, name: str) -> Path:
    return cache / "nets" / f"{name}.npz"


def shipped(name: str) -> bool:
    """Whether a network's file is kept: all together are to be at most 6 MB.

    Examples
    --------
    >>> shipped("90-10-2"), shipped("odd-0"), shipped("odd-1")
    (True, True, False)
    """
    mix, training = of_name(name)
    return training == 0 or mix.name not in CONTROLS


# ---- one network --------------------------------------------------------------------------------


def seed_of(name: str) -> int:
    """Where the first weights, the order and the small changes of a training come from."""
    mix, training = of_name(name)
    return 1_000 * training + list(MIXES).index(mix.name)


def train(name: str, cache: Path) -> None:
    """Train one network and put it, with what is known of it, into the cache."""
    os.environ.setdefault("XLA_FLAGS", ONE_THREAD)
    from labkit.making.nets import export, training

    mix, k = of_name(name)
    chips, who = chips_of(mix, k, cache)
    recipe = recipe_for(mix, len(chips))
    began = time.perf_counter()
    net, loss = training.train(chips, who, seed_of(name), recipe)
    seconds = time.perf_counter() - began
    people = people_of(mix, k)
    bands = {b: sum(band(p.tone) == b for p in people) for b in BANDS}
    tones = {p.seed: band(p.tone) for p in people}
    facts = {
        "network": name,
        "mix": mix.name,
        "training": k,
        **bands,
        "darker_share": round(bands["darker"] / len(people), 4),
        "odd_share": round(sum(p.seed % 2 for p in people) / len(people), 4),
        "grey": mix.grey,
        "pictures": len(chips),
        **{f"pictures_{b}": int(sum(tones[int(w)] == b for w in who)) for b in BANDS},
        "first_seed": people[0].seed,
        "last_seed": people[-1].seed,
        "seed": seed_of(name),
        **asdict(recipe),
        "loss": round(loss, 4),
        "seconds": round(seconds),
        "code": fingerprint(),
    }
    content = io.BytesIO()
    np.savez(
        content,
        onnx=np.frombuffer(export.exported(net), np.uint8),
        facts=np.array(json.dumps(facts)),
    )
    write_whole(_trained(cache, name), content.getvalue())


def chips_of(mix: Mix, training: int, cache: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Chips of a network's training people and whose they are; only of faces that were found."""
    wanted = {person.seed for person in people_of(mix, training)}
    chips, who = [], []
    for k in range(training, training + mix.pools):
        for person in pool(k):
            if person.seed not in wanted:
                continue
            with np.load(sitting.place(cache, POOLS[k], person)) as archive:
                result = {name: archive[name] for name in archive.files}
            for stored, points in zip(pictures_in(result), result["points"], strict=True):
                if np.isfinite(points).all():
                    chips.append(networks.chip_of(decode(stored), points))
                    who.append(person.seed)
    out = np.stack(chips)
    return (greyed(out) if mix.grey else out), np.array(who, np.int64)


def greyed(chips: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Chips without colours: the luma (Rec. 601) in all three channels."""
    luma = np.rint(chips @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)
    return np.repeat(luma[..., None], 3, axis=-1)


# ---- all networks -------------------------------------------------------------------------------


def write(data: Path, cache: Path) -> None:
    """Judge every network that is trained here and write the folder, whole or not at all.

    What the folder has of networks that are not in this cache stays as it is.
    """
    import pandas as pd

    folder, part = data / bundled.NETWORKS, data / f".{bundled.NETWORKS}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    found = [name for name in names() if _trained(cache, name).is_file()]
    facts, rates, errors = _kept(folder, part, data, set(found))
    chips = {name: networks.chips_of(bundled.load(f"anytown/{name}")) for name in judging.SETS}
    for name in found:
        with np.load(_trained(cache, name)) as archive:
            content = archive["onnx"].tobytes()
            known = json.loads(str(archive["facts"]))
        if shipped(name):
            write_whole(part / f"{name}.onnx", content)
        templates = _described(content, chips, grey=known["grey"])
        for origin, asked, _, tables, counted in judging.judged(templates):
            rates += judging.rows(name, origin, asked, tables)
            errors |= {f"{name}/{origin}/{asked:g}/{k}": v for k, v in counted.items()}
        facts.append(known | {"bytes": len(content), "shipped": shipped(name)})
    place = {name: k for k, name in enumerate(names())}
    facts.sort(key=lambda row: place[row["network"]])
    rates.sort(key=lambda row: place[row["network"]])
    people = np.unique(bundled.load("anytown/eval").of("person"))
    content_of_errors = io.BytesIO()
    every: Any = dict(sorted(errors.items())) | {"people": people.astype(np.int32)}
    np.savez_compressed(content_of_errors, **every)
    write_whole(part / "errors.npz", content_of_errors.getvalue())
    for table, lines in (("networks.csv", facts), ("rates.csv", rates)):
        text = pd.DataFrame(lines).to_csv(index=False, lineterminator="\n", float_format="%.6g")
        write_whole(part / table, text.encode())
    cards.write(part)
    write_checksums(part)
    put_folder(part, folder)


def _kept(
    folder: Path, part: Path, data: Path, made: set[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, NDArray[Any]]]:
    """What a folder has of networks that are not made now; its files go into ``part``."""
    if not (folder / CHECKSUMS).is_file():
        return [], [], {}
    facts = bundled.networks(data=data).reset_index()
    rates = bundled.network_rates(data=data)
    stay = sorted(set(facts["network"]) - made)
    for path in folder.rglob("*"):
        if path.is_file() and (
            path.stem in stay or (path.parent == folder and path.suffix == ".md")
        ):
            write_whole(part / path.relative_to(folder), path.read_bytes())
    archive = bundled._network_archive(data)
    errors = {key: archive[key] for key in archive.files if key.split("/")[0] in stay}
    own = [table[table["network"].isin(stay)].to_dict("records") for table in (facts, rates)]
    return own[0], own[1], errors  # type: ignore[return-value]


def _described(
    content: bytes, chips: Mapping[str, NDArray[np.uint8]], *, grey: bool
) -> dict[str, NDArray[np.float32]]:
    """Templates of each set by one network; one that was trained on grey sees grey."""
    session = networks.session_of(content)
    return {
        name: networks.described(session, greyed(of) if grey else of) for name, of in chips.items()
    }
