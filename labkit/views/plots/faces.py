"""Who is taken for whom: the faces behind the highest scores, with what the two differ in.

In: comparisons, and the set that they are of.  Out: a sheet, alt text, table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.base.words import N_, _
from labkit.views.plots.sheets import Sheet, face, words
from labkit.views.plots.style import invented

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import FaceSet
    from labkit.measure.scores import AllPairs
    from labkit.views.plots.style import Shown

HAIR = {
    "shaved": N_("shaved head"),
    "bald": N_("bald"),
    "crop": N_("cropped hair"),
    "side_part": N_("side parting"),
    "swept": N_("hair swept back"),
    "curly_top": N_("curls on top"),
    "twa": N_("short afro"),
    "box_braids": N_("box braids"),
    "thinning": N_("thinning hair"),
    "short": N_("short hair"),
    "long": N_("long hair"),
    "shoulder": N_("hair to the shoulder"),
    "fringe": N_("hair with a fringe"),
    "puff": N_("afro puff"),
}
BEARD = {
    "none": N_("no beard"),
    "shadow": N_("beard shadow"),
    "short": N_("short beard"),
    "full": N_("full beard"),
    "long": N_("long beard"),
}
"""Words for names in the tables that are not words by themselves; the others are."""

YEARS_APART = 10
"""Ages as far apart as this are named as a difference."""


def confused(
    pairs: AllPairs,
    faces: FaceSet,
    count: int = 6,
    *,
    threshold: float | None = None,
    title: str = "",
    about: str = "",
) -> Shown:
    """The pairs of people that a matcher finds most alike, each two people once, with their faces.

    Parameters
    ----------
    pairs
        Of one matcher, made of all photographs of ``faces``.
    faces
        A set with pictures.
    count
        How many pairs of people.
    threshold
        With it each pair says whether it is called one person.
    title
        What is seen, as a sentence; without it how many of them are called one person.
    about
        What was compared; without it the matcher's pairs of people, and that they were picked.

    Returns
    -------
    figure, alt, table
        One row for each two people: their photographs, the score, what they share and differ in.

    Raises
    ------
    ValueError
        When no two people were compared, or the pairs are of other photographs.
    LookupError
        When the pictures of the set are not shipped.

    Examples
    --------
    >>> from labkit import data
    >>> from labkit.measure.faces import compare_faces
    >>> dev = data.load("anytown/dev")
    >>> sheet, alt, table = confused(compare_faces(dev), dev, 2)
    >>> table.index.tolist(), table.columns.tolist()[:3]
    ([1, 2], ['person_1', 'person_2', 'image_1'])
    """
    import numpy as np

    found = _distinct(pairs, count)
    if found.empty:
        raise ValueError(f"no two people were compared, so none can be shown: {pairs!r}")
    places = found[["image_1", "image_2"]].to_numpy(np.int64)
    most = int(places.max())
    if most >= len(faces):
        raise ValueError(
            f"image {most} is not in {faces.name}, which has {len(faces)}: give the set that the"
            " pairs were made of"
        )
    both = [differences(faces, int(one), int(two)) for one, two in places]
    table = found[["person_1", "person_2", "image_1", "image_2", "score"]].copy()
    table["they share"] = [", ".join(same) for same, _other in both]
    table["they differ in"] = [", ".join(other) for _same, other in both]
    if threshold is not None:
        table["verdict"] = [_verdict(score, threshold) for score in table["score"]]
    rows: list[dict[Any, Any]] = table.to_dict("records")
    cards = [f'<div class="lab-card">{_card(faces, row)}</div>' for row in rows]
    sheet = Sheet(
        f'<div class="lab-cards">{"".join(cards)}</div>',
        title=title or _finding(table, threshold),
        about=about
        or _(
            "Of {n} pairs of people, picked by score and not by eye. So few show no rate, and what"
            " they share explains nothing by itself."
        ).format(n=f"{pairs.person_pairs_count:,}"),
        footer=invented(pairs.people_count),
    )
    return sheet, _alt(table), table


def differences(faces: FaceSet, first: int, second: int) -> tuple[list[str], list[str]]:
    """What two photographs share and what they differ in, in words, from the tables of the set.

    Parameters
    ----------
    faces
        The set.
    first, second
        Places of two photographs in it.

    Returns
    -------
    share, differ
        Words for tone band, age, hair, beard, glasses, covering and light.

    Examples
    --------
    >>> from labkit import data
    >>> dev = data.load("anytown/dev")
    >>> share, differ = differences(dev, 0, 0)
    >>> differ
    []
    """
    one, two = (_traits(faces, place) for place in (first, second))
    share = [one[name] for name in one if one[name] == two.get(name)]
    differ = []
    for name in one:
        if name in two and one[name] != two[name]:
            differ.append(_("{one} and {two}").format(one=one[name], two=two[name]))
    ages = [float(faces.people["age"].loc[faces.images["person"].iloc[k]]) for k in (first, second)]
    if abs(ages[0] - ages[1]) >= YEARS_APART:
        differ.append(_("{one:.0f} and {two:.0f} years old").format(one=ages[0], two=ages[1]))
    return share, differ


def _traits(faces: FaceSet, place: int) -> dict[str, str]:
    """What a photograph shows of a person, in words; hair only where nothing covers it."""
    row: Any = faces.images.iloc[place]
    band = faces.people["tone_band"].loc[row["person"]]
    out = {"tone": _("{band} band").format(band=_(str(band)))}
    if row["covering"]:
        out["covering"] = _(str(row["covering"]))
    else:
        out["covering"] = _("no head covering")
        out["hair"] = _(HAIR.get(row["haircut"], str(row["haircut"]).replace("_", " ")))
    out["beard"] = _(BEARD.get(row["facial_hair"], str(row["facial_hair"])))
    out["glasses"] = _("glasses") if row["glasses"] else _("no glasses")
    return out


def _distinct(pairs: AllPairs, count: int) -> pd.DataFrame:
    """The highest comparison of each of the ``count`` most alike pairs of people."""
    import numpy as np
    import pandas as pd

    asked = 4 * count
    while True:
        found = pairs.highest(asked)
        people = np.sort(found[["person_1", "person_2"]].to_numpy(), axis=1)
        once = found[~pd.DataFrame(people, index=found.index).duplicated()].head(count)
        if len(once) == count or len(found) < asked:
            return once.set_axis(pd.RangeIndex(1, len(once) + 1, name=_("pair")))
        asked *= 4


def _verdict(score: float, threshold: float) -> str:
    if score >= threshold:
        return _("at or above the threshold: called one person")
    return _("below the threshold: told apart")


def _finding(table: pd.DataFrame, threshold: float | None) -> str:
    if threshold is None:
        return _("The {n} pairs of people that are most alike to the matcher").format(n=len(table))
    over = int((table["score"] >= threshold).sum())
    if over == len(table):
        return _(
            "The {n} pairs that the matcher scores highest: it calls each of them one person"
        ).format(n=over)
    return _(
        "The {n} pairs that the matcher scores highest: it calls {over} of them one person"
    ).format(n=len(table), over=over)


def _card(faces: FaceSet, row: dict[Any, Any]) -> str:
    """Two faces and the words below them."""
    places = [int(row[f"image_{k}"]) for k in (1, 2)]
    told = [", ".join(_traits(faces, place).values()) for place in places]
    two = "".join(
        face(faces.pictures[place], _("Drawn face: {traits}").format(traits=traits))
        for place, traits in zip(places, told, strict=True)
    )
    lines = [words(_("score {score}").format(score=f"{row['score']:.3f}"), "value")]
    lines += [words(row["verdict"])] if "verdict" in row else []
    if row["they differ in"]:
        lines.append(words(_("They differ: {what}").format(what=row["they differ in"])))
    lines.append(words(_("They share: {what}").format(what=row["they share"] or "-"), "quiet"))
    return f"<div>{two}</div>{''.join(lines)}"


def _alt(table: pd.DataFrame) -> str:
    parts = [_("{n} pairs of drawn faces, two people in each.").format(n=len(table))]
    for number, row in zip(table.index, table.to_dict("records"), strict=True):
        told = _("Pair {number}: score {score}{verdict}.")
        verdict = f", {row['verdict']}" if "verdict" in row else ""
        parts.append(told.format(number=number, score=f"{row['score']:.3f}", verdict=verdict))
        if row["they differ in"]:
            parts.append(_("They differ: {what}.").format(what=row["they differ in"]))
        if row["they share"]:
            parts.append(_("They share: {what}.").format(what=row["they share"]))
    return " ".join(parts)
