"""The group of each image, checked in one place: what is a group, and what says nothing.

In: labels as people have them, some missing.  Out: :class:`Labels`: the groups in order, the place
of each image among them, and how many images have none.

A missing label is no group.  Nor is "unknown": those people may be of any group, so they take no
part in a threshold's mean, in a spread or in a contrast, and are reported apart.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import _

NOT_SAID = frozenset(
    " - -- ? . unknown unk unspecified undefined undisclosed n/a na n.a. nan <na> none null nil"
    " missing".split(" ")
) | {
    "not known",
    "not stated",
    "not given",
    "not recorded",
    "not available",
    "not specified",
    "no label",
    "no data",
    # German, French, Spanish, Portuguese, Italian. No abbreviation that may name a place.
    *"unbekannt|nicht bekannt|nicht angegeben|keine angabe|keine angaben|ohne angabe|k. a.|k.a."
    "|k. a|k.a|o. a.|o.a.|keine|fehlt|fehlend|unklar".split("|"),
    *"inconnu|inconnue|non connu|non connue|non renseigné|non renseignée|non précisé|non précisée"
    "|non spécifié|non spécifiée|non disponible|non communiqué|aucun|aucune|manquant".split("|"),
    *"desconocido|desconocida|no consta|no especificado|no especificada|no informado|no informada"
    "|no disponible|sin datos|sin especificar|ninguno|ninguna|s/d|n/d|ns/nc".split("|"),
    *"desconhecido|desconhecida|ignorado|ignorada|não informado|não informada|nao informado"
    "|não especificado|não especificada|não disponível|sem informação|sem dados".split("|"),
    *"sconosciuto|sconosciuta|ignoto|ignota|non noto|non nota|non indicato|non indicata"
    "|non specificato|non specificata|nessuno|nessuna".split("|"),
}
"""Labels that name no group, in small letters and without blanks at the ends."""


@dataclass(frozen=True, eq=False)
class Labels:
    """Groups of images, from :func:`labels`.

    Parameters
    ----------
    names
        The groups, in the order wanted.
    place
        Place of each image's group among them, shape (n,), int64; -1 for an image without one.

    Examples
    --------
    >>> found = labels(["b", "a", None, "unknown"])
    >>> found.names, found.place.tolist(), found.missing
    (['a', 'b'], [1, 0, -1, -1], 2)
    """

    names: list[Hashable]
    place: NDArray[np.int64]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which images have a group, shape (n,)."""
        return self.place >= 0

    @property
    def missing(self) -> int:
        """How many images have none."""
        return int((self.place < 0).sum())

    def of(self, name: Hashable) -> NDArray[np.bool_]:
        """Which images are of a group, shape (n,)."""
        return self.place == self.names.index(name)

    @property
    def words(self) -> str:
        """What is to be said of images without a group, or nothing.

        Examples
        --------
        >>> labels(["a", None]).words
        '1 of 2 images have no group: they take no part in any comparison of groups'
        """
        if not self.missing:
            return ""
        words = _(
            "{missing:,} of {n:,} images have no group: they take no part in any comparison of"
            " groups"
        )
        return words.format(missing=self.missing, n=len(self.place))


def labels(groups: Any, n: int | None = None, names: Sequence[Hashable] | None = None) -> Labels:
    """Check the group of each image.

    Parameters
    ----------
    groups
        One label an image; ``None``, NaN, empty text and :data:`NOT_SAID` mean that nobody said.
    n
        How many images there are; not checked when ``None``.
    names
        The groups in the order wanted, also such as have nobody; ascending (or the order of a
        pandas categorical) when ``None``.

    Raises
    ------
    ValueError
        With one sentence, when there is not one label for each image, when no image has one, or
        when a label is not among ``names``.

    Examples
    --------
    >>> labels(["a"], 2)
    Traceback (most recent call last):
    ValueError: 1 group labels for 2 images: give one for each image
    """
    import pandas as pd

    series = pd.Series(groups).reset_index(drop=True)
    if n is not None and len(series) != n:
        words = _("{labels} group labels for {n} images: give one for each image")
        raise ValueError(words.format(labels=len(series), n=n))
    order = None if names is None else list(names)
    missing = series.isna()
    text = series.astype(object).where(~missing, "")
    said_nothing = {
        s for s in text.unique() if isinstance(s, str) and s.strip().lower() in NOT_SAID
    }
    missing |= text.isin(said_nothing - set(order or []))  # whoever names a group means it
    if len(series) and missing.all():
        words = _("none of {n} images has a group: give labels, or leave the groups out")
        raise ValueError(words.format(n=len(series)))
    if order is None and isinstance(series.dtype, pd.CategoricalDtype):
        order = [c for c in series.cat.categories if (series[~missing] == c).any()]
    seen = pd.unique(text[~missing]).tolist()
    if order is None:
        # Numbers and words together have no order of their own.
        plain = all(isinstance(s, str) for s in seen) or not any(isinstance(s, str) for s in seen)
        order = sorted(seen, key=None if plain else str)
    unknown = [s for s in seen if s not in order]
    if unknown or len(set(order)) < len(order):
        raise ValueError(
            _("names {order} do not fit the labels {seen}: give every group once").format(
                order=order, seen=seen
            )
            + (_(", also {name!r}").format(name=unknown[0]) if unknown else "")
        )
    place = pd.Categorical(text.where(~missing), categories=pd.Index(order, dtype=object)).codes
    return Labels(order, np.asarray(place, np.int64))
