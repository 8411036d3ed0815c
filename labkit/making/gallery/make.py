"""Make ``data/gallery`` again: ``python -m labkit make gallery``.

In: everybody of :mod:`labkit.making.gallery.people`, drawn and described.  Out: one table, the
templates of four matchers with 8 bits a number, what that changes, a contact sheet, checksums.

Which of the networks ``50-50-0`` and ``90-10-0`` is stored as ``one`` is drawn by lot when the
folder is made first and written down nowhere; a folder that is made again keeps the order.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit import data as bundled
from labkit.base.codec import decode, encode
from labkit.base.files import CHECKSUMS, put_folder, write_checksums, write_whole
from labkit.base.places import PROJECT
from labkit.making.basis import write_array
from labkit.making.fingerprint import fingerprint
from labkit.making.gallery import seen, sitting
from labkit.making.gallery.people import Sitting
from labkit.making.plans import band, half
from labkit.making.studio import Studio, pictures_in
from labkit.matchers import network as networks
from labkit.measure.scores import compare

if TYPE_CHECKING:
    import pandas as pd

NETWORKS = ("50-50-0", "90-10-0")
"""The two networks of the blind audit: as many people, from one pool, in two mixes."""
SHOWN = (6, 16)
"""Rows and columns of the contact sheet."""
COLUMNS = (
    "role",
    "place",
    "person",
    "photo",
    "tone",
    "tone_band",
    "presentation_half",
    "age",
)


def make(
    *,
    data: Path | None = None,
    cache: Path | None = None,
    only: Iterable[str] | None = None,
    workers: int | None = None,
    quiet: bool = False,
    studio: Studio | None = None,
) -> None:
    """Draw and describe everybody who is not in the cache yet, then write the folder.

    About two hours on two cores, and it goes on where it was interrupted.

    Parameters
    ----------
    data, cache, workers, quiet, studio
        As for :func:`labkit.making.store.make`.
    only
        Refused: a gallery is made whole.

    Raises
    ------
    ValueError
        For ``only``.
    OSError
        When a folder cannot be written to.
    """
    if only is not None:
        raise ValueError("the gallery is made whole: leave out --only")
    data = PROJECT / "data" if data is None else Path(data)
    cache = (PROJECT / "build" / "make" if cache is None else Path(cache)) / fingerprint()
    (data / bundled.GALLERY).mkdir(parents=True, exist_ok=True)  # said before hours of work
    sitting.sit(cache, workers=workers, quiet=quiet, studio=studio)
    write(data / bundled.GALLERY, list(zip(sitting.blocks(), _kept(cache), strict=True)))
    seen.write(data / bundled.GALLERY, bundled.gallery(data=data))


def _kept(cache: Path) -> Iterator[dict[str, NDArray[Any]]]:
    """The blocks of the cache, in order."""
    for k in range(len(sitting.blocks())):
        with np.load(sitting.place(cache, k)) as archive:
            yield {name: archive[name] for name in archive.files}


def write(
    folder: Path, made: Iterable[tuple[tuple[Sitting, ...], Mapping[str, NDArray[Any]]]]
) -> None:
    """Write the folder, whole or not at all; its datasheet stays.

    Parameters
    ----------
    folder
        ``data/gallery``.
    made
        Blocks of people, and what :mod:`~labkit.making.gallery.sitting` keeps of each.
    """
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    found: dict[str, list[NDArray[np.float32]]] = {"dlib": [], "sface": [], "chip": []}
    stored: list[bytes] = []
    for block, result in made:
        people = {s.person.seed: s for s in block}
        for seed, photo in zip(result["person"], result["photo"], strict=True):
            rows.append(_row(people[int(seed)], int(photo)))
        found["dlib"].append(result["dlib"])
        found["sface"].append(result["sface"])
        pictures = pictures_in(result)
        found["chip"].append(_by_networks(pictures, result["points"]))
        stored += pictures[: max(0, SHOWN[0] * SHOWN[1] - len(stored))]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = np.lexsort(
        [
            table["photo"],
            table["place"],
            table["tone_band"].map(bundled.ORDERS["tone_band"].index)
            * (table["role"] == "pool").astype(int),
            table["role"].map(("pool", "dev", "council").index),
        ]
    )
    templates = {name: np.concatenate(of)[order] for name, of in found.items()}
    table = table.iloc[order].reset_index(drop=True)
    pair = templates.pop("chip")
    lot = _lot(folder, table, pair)
    templates |= {"one": pair[:, lot], "two": pair[:, 1 - lot]}
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    text = table.to_csv(index=False, lineterminator="\n")
    write_whole(part / "images.csv", text.encode())
    changed = []
    for name, of in templates.items():
        codes, scale = coded(of)
        write_array(part / f"{name}.npy", codes)
        write_array(part / f"{name}_scale.npy", scale)
        changed.append({"matcher": name} | change(name, table, of, bundled.decoded(codes, *scale)))
    text = pd.DataFrame(changed).to_csv(index=False, lineterminator="\n", float_format="%.4g")
    write_whole(part / "coding.csv", text.encode())
    write_whole(part / "contact.webp", contact(stored))
    for page in folder.glob("*.md"):
        shutil.copy(page, part / page.name)
    write_checksums(part)
    put_folder(part, folder)


def _row(of: Sitting, photo: int) -> tuple[Any, ...]:
    """One line of the table."""
    who = of.person
    place = (of.role, of.place, who.seed, photo)
    return (*place, who.tone, band(who.tone), half(who.presentation), who.age)


def _by_networks(stored: list[bytes], points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Templates of both networks, shape (n, 2, 128); NaN where dlib found no face."""
    out = np.full((len(stored), 2, networks.LENGTH), np.nan, np.float32)
    ok = np.asarray(np.isfinite(points).all((1, 2)), bool)
    chips = [
        networks.chip_of(decode(content), five)
        for content, five in zip(stored, points, strict=True)
        if np.isfinite(five).all()
    ]
    if chips:
        for k, name in enumerate(NETWORKS):
            out[ok, k] = networks.describe(np.stack(chips), name)
    return out


def _lot(folder: Path, table: pd.DataFrame, pair: NDArray[np.float32]) -> int:
    """Which of the two networks comes first: as in the folder, or by lot where there is none."""
    if not (folder / CHECKSUMS).is_file():
        return secrets.randbelow(2)
    before = bundled.gallery(data=folder.parent)
    keys = ["person", "photo"]
    both = before.images[keys].reset_index().merge(table[keys].reset_index(), on=keys)
    kept = before.templates("one", both["index_x"].to_numpy())[:, None]
    apart = np.abs(kept - pair[both["index_y"].to_numpy()]).mean(-1)
    return int(np.argmin(np.nanmean(apart, 0)))


def coded(templates: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Templates with 8 bits a number, and the scale of each number.

    Parameters
    ----------
    templates
        Shape (n, d), float32; a row of NaN where no face was found.

    Returns
    -------
    codes
        Shape (n, d), uint8: 0 to 254, or 255 in the rows of NaN.
    scale
        Shape (2, d), float32: the least value of each number, and what one more of its code adds.

    Examples
    --------
    >>> codes, scale = coded(np.array([[0.0, 2.0], [1.0, 4.0], [np.nan, np.nan]], np.float32))
    >>> codes.tolist()
    [[0, 0], [254, 254], [255, 255]]
    >>> bundled.decoded(codes, *scale).round(6).tolist()
    [[0.0, 2.0], [1.0, 4.0], [nan, nan]]
    """
    ok = np.isfinite(templates).all(1)
    low = templates[ok].min(0)
    step = np.maximum((templates[ok].max(0) - low) / (bundled.NO_FACE - 1), 1e-12)
    codes = np.full(templates.shape, bundled.NO_FACE, np.uint8)
    codes[ok] = np.rint((templates[ok] - low) / step)
    return codes, np.stack([low, step]).astype(np.float32)


def change(
    name: str, table: pd.DataFrame, exact: NDArray[np.float32], stored: NDArray[np.float32]
) -> dict[str, float]:
    """What 8 bits a number change: everyday photographs of ``dev`` against everybody enrolled.

    Returns
    -------
    dict
        ``score_sd``: how much scores of two people vary; ``change_sd``, ``change_largest``: how
        much one is changed; ``searches``; ``same_first``: how many have the same first candidate;
        ``alerts``, ``alerts_stored``: how many return somebody at the threshold at which 1 in 20
        do, before and after; ``alerts_changed``: how many do so only before or only after.
    """
    measure = {k.lower(): m for k, m in bundled.SEARCHED_WITH.items()}[name]
    probes = np.flatnonzero((table["role"] == "dev") & (table["photo"] == 1))
    enrolled = np.flatnonzero((table["role"] == "pool") & (table["photo"] == 0))
    probes, enrolled = (rows[np.isfinite(exact[rows, 0])] for rows in (probes, enrolled))
    scores, apart = [], []
    for k in range(0, len(probes), 50):
        rows = probes[k : k + 50]
        before, after = (compare(of[rows], of[enrolled], measure) for of in (exact, stored))
        apart.append(((after - before).std(), np.abs(after - before).max(), before.std()))
        scores += list(zip(before.max(1), before.argmax(1), after.max(1), after.argmax(1)))
    best, first, best_stored, first_stored = map(np.array, zip(*scores))
    threshold = np.quantile(best, 0.95)
    alerts, alerts_stored = best >= threshold, best_stored >= threshold
    return {
        "score_sd": np.mean([a[2] for a in apart]),
        "change_sd": np.mean([a[0] for a in apart]),
        "change_largest": np.max([a[1] for a in apart]),
        "searches": len(best),
        "same_first": (first == first_stored).sum(),
        "alerts": alerts.sum(),
        "alerts_stored": alerts_stored.sum(),
        "alerts_changed": (alerts != alerts_stored).sum(),
    }


def contact(stored: list[bytes]) -> bytes:
    """The first pictures side by side, each at half its size."""
    import cv2

    down, across = SHOWN
    small = [cv2.resize(decode(s), (80, 80), interpolation=cv2.INTER_AREA) for s in stored]
    small += [np.full((80, 80, 3), 255, np.uint8)] * (down * across - len(small))
    sheet = np.stack(small).reshape(down, across, 80, 80, 3).transpose(0, 2, 1, 3, 4)
    return encode(np.ascontiguousarray(sheet.reshape(down * 80, across * 80, 3)))
