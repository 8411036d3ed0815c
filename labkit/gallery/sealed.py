"""A blind audit: two stored networks under the names X and Y, in an order that was drawn by lot.

In: a secret, 32 letters drawn anew for each learner.  Out: which stored templates X and Y stand
for; a seal, which fixes that order before anybody looks and tells nobody what it is; and, when it
is opened, which network made which templates, found by describing photographs again.

The gallery stores templates of two networks as ``one`` and ``two``.  Which is which was drawn by
lot when they were made and is written nowhere, so neither the author of an audit nor a file name
can tell.  Two people with two secrets may have X and Y the other way round.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from labkit.base.files import sha256
from labkit.base.words import _

if TYPE_CHECKING:
    import pandas as pd

    from labkit.base.codec import Picture
    from labkit.data import Gallery

STORED = ("one", "two")
"""The names under which the gallery stores the templates of the two networks."""

NETWORKS = {"50-50-0": "50-50", "90-10-0": "90-10"}
"""The two networks, and who was in their training, lighter to darker people."""

UNEQUAL = "90-10"
"""The mix with nine lighter people for each darker one."""

AGREE = 0.9
"""Mean cosine from which on two descriptions of the same photographs are of one network.  Networks
that were trained apart number their directions by luck; stored numbers are rounded."""

_SECRET = re.compile(r"[0-9a-f]{32}")


def draw() -> str:
    """A new secret: 32 letters from the computer's own source of chance.

    Examples
    --------
    >>> draw() == draw()
    False
    """
    return secrets.token_hex(16)


def is_secret(value: object) -> bool:
    """Whether a value has the form of a secret.

    Examples
    --------
    >>> is_secret("0123456789abcdef" * 2), is_secret("X is one")
    (True, False)
    """
    return isinstance(value, str) and bool(_SECRET.fullmatch(value))


@dataclass(frozen=True)
class Sealed:
    """The order of X and Y, and the seal on it.

    Parameters
    ----------
    secret
        Of :func:`draw`; whoever has it can find the order, so it is shown only at the end.

    Raises
    ------
    ValueError
        For a secret of another form.

    Examples
    --------
    >>> letter = Sealed("0123456789abcdef" * 2)
    >>> sorted([letter.stored("X"), letter.stored("Y")])
    ['one', 'two']
    >>> letter.seal == sha256(letter.letter.encode())
    True
    """

    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not is_secret(self.secret):
            raise ValueError(
                _(
                    "the secret of a sealed order is 32 of the letters 0-9 and a-f: draw one with"
                    " sealed.draw()"
                )
            )

    def stored(self, name: str) -> str:
        """The stored templates that a name stands for, ``"one"`` or ``"two"``.

        Raises
        ------
        ValueError
            For another name than ``"X"`` and ``"Y"``.
        """
        if name not in ("X", "Y"):
            raise ValueError(_("{name!r} is not sealed: use 'X' or 'Y'").format(name=name))
        swapped = int(sha256(f"order {self.secret}".encode())[0], 16) % 2
        return STORED[swapped ^ (name == "Y")]

    @property
    def letter(self) -> str:
        """What lies in the envelope: the secret and the order.  To look at it opens the seal."""
        return f"{self.secret} X={self.stored('X')} Y={self.stored('Y')}"

    @property
    def seal(self) -> str:
        """SHA-256 of the letter: another order, or another secret, would have another seal."""
        return sha256(self.letter.encode())

    def mixes(self, found: pd.DataFrame) -> Mapping[str, str]:
        """Who was in the training of X and of Y, from what :func:`described_again` found.

        Parameters
        ----------
        found
            The mean agreement of each stored set (rows) with each network (columns).

        Raises
        ------
        LookupError
            When the stored templates are not of these two networks, one each.
        """
        best = {name: str(found.loc[name].idxmax()) for name in STORED}
        sure = bool((found.loc[list(STORED)].to_numpy(float).max(axis=1) >= AGREE).all())
        mixes = {name: NETWORKS[best[name]] for name in STORED}
        if not sure or len(set(mixes.values())) < len(STORED):
            raise LookupError(
                _(
                    "the stored templates do not agree with one network each: compare data/gallery"
                    " with its checksums (python -m labkit doctor)"
                )
            )
        return {name: mixes[self.stored(name)] for name in ("X", "Y")}


def described_again(
    gallery: Gallery, rows: Sequence[int], picture: Callable[[int], Picture]
) -> pd.DataFrame:
    """How well stored templates agree with what each network says of the same photographs now.

    Parameters
    ----------
    gallery
        The gallery.
    rows
        Photographs, rows of ``gallery.images``.
    picture
        Gives the photograph of a row: ``gallery.seen`` has the three first ones of ``dev``,
        ``functools.partial(labkit.making.gallery.picture, gallery)`` draws any.

    Returns
    -------
    agreement
        Mean cosine; a row for each of :data:`STORED`, a column for each of :data:`NETWORKS`.

    Raises
    ------
    ValueError
        When none of the photographs has a template in both stored sets and a face that is found.
    """
    import pandas as pd

    from labkit.matchers import network

    chips = network.chips_in([picture(int(row)) for row in rows])
    kept = {name: gallery.templates(name, list(rows)) for name in STORED}
    found: dict[str, dict[str, float]] = {}
    for name in NETWORKS:
        again = network.describe_once(chips, name)
        found[name] = {stored: _agreement(kept[stored], again) for stored in STORED}
    table = pd.DataFrame(found).loc[list(STORED)]
    if not np.isfinite(table.to_numpy()).all():
        raise ValueError(_("no face was found in these photographs: name the rows of others"))
    return table


def _agreement(kept: np.ndarray, again: np.ndarray) -> float:
    """Mean cosine of two descriptions of the same photographs; NaN where there is none."""
    usable = np.isfinite(kept).all(1) & np.isfinite(again).all(1)
    if not usable.any():
        return float("nan")
    one, two = (np.asarray(t[usable], np.float64) for t in (kept, again))
    cosines = (one * two).sum(1) / (np.linalg.norm(one, axis=1) * np.linalg.norm(two, axis=1))
    return float(cosines.mean())
