"""The matchers of the lab, one entry each: what it reads, how it compares, whether it is fitted.

In: a name.  Out: a :class:`Matcher`, or its templates of a bundled set.  Tables, tests, the audit
and the notebooks go through :func:`offline`; a new matcher is one file and one entry here.

An entry is light: the libraries of a matcher load when it is made.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from labkit import data
from labkit.base.words import N_, _

if TYPE_CHECKING:
    from labkit.data import FaceSet

Templates = NDArray[np.float32]

READS = ("pictures", "crops")
"""What a matcher takes: photographs, or aligned grey crops of 64 x 64 pixels."""

TRAINED_ON = "anytown/train"
"""The people that matchers are fitted on, which no threshold is chosen on and nothing reported."""


@runtime_checkable
class Matcher(Protocol):
    """Turns photographs into templates; templates are compared by ``measure``.

    Attributes
    ----------
    measure
        One of :data:`labkit.measure.scores.MEASURES`: how its templates are compared.
    """

    measure: str

    def fit(self, pictures: Any, people: Any) -> Any:
        """Learn from n pictures of known people, numbers of shape (n,); the matcher itself.

        A matcher that others trained learns nothing here.
        """

    def transform(self, pictures: Any) -> Templates:
        """Templates of n pictures: raw, shape (n, d), float32, a row for each.

        A row of NaN stands for a picture in which no face was found; so it does for a picture that
        cannot be used, as long as another one can.  A row hangs on its own picture only.

        Raises
        ------
        ValueError
            With one sentence, when what was given is no list of pictures, or none of them can be
            used.
        """


@dataclass(frozen=True)
class Entry:
    """One matcher of the lab.

    Parameters
    ----------
    name
        In code, tables and commands.
    means
        One sentence for learners.
    make
        Makes the matcher, unfitted; its libraries load then.
    measure
        How its templates are compared: ``"euclidean"`` or ``"cosine"``; ``"similarity"`` for a
        service that compares itself and gives no templates.
    reads
        ``"pictures"`` or ``"crops"``.
    fitted
        Whether it must be fitted before it can describe anybody.
    at_home
        Whether it learned from people drawn by the program that draws those it is tried on: an
        advantage that matchers of others do not have.
    offline
        Whether it works without a network and without an account.  One that does not is left out
        of tables, tests and notebooks.
    shipped
        Gives its templates of a bundled set where they lie beside the pictures, and ``None`` for a
        set where they do not; ``None`` itself for a matcher of which none are shipped.

    Raises
    ------
    ValueError
        For something else to read.

    Examples
    --------
    >>> get("Eigenfaces").reads, get("Eigenfaces").measure
    ('crops', 'cosine')
    """

    name: str
    means: str
    make: Callable[[], Matcher] = field(repr=False)
    measure: str
    reads: str
    fitted: bool = False
    at_home: bool = False
    offline: bool = True
    shipped: Callable[[FaceSet], Templates | None] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.reads not in READS:
            raise ValueError(f"{self.name} reads {self.reads!r}: use {' or '.join(READS)}")

    def described(self) -> str:
        """The sentence for learners, in their language."""
        return _(self.means)

    def pictures(self, faces: FaceSet) -> Any:
        """What the matcher takes of a bundled set: its pictures, read on demand, or its crops."""
        # Crops are read by a copy of the set, which lets them go.
        return faces.pictures if self.reads == "pictures" else replace(faces).crops

    def trained(self) -> Matcher:
        """The matcher, ready to describe: fitted on :data:`TRAINED_ON` where it must be, once."""
        return _trained(self)

    def templates(self, faces: FaceSet) -> Templates:
        """Its templates of a bundled set of people that it was not fitted on.

        Those that are shipped, where they are; else what :meth:`trained` makes of the set.

        Parameters
        ----------
        faces
            From :func:`labkit.data.load`.

        Returns
        -------
        templates
            Shape (n, d), float32, NaN where no face was found.

        Raises
        ------
        ValueError
            For people that it was fitted on.
        LookupError
            For a set without crops, when it reads crops, or without pictures, when it reads those
            and its templates are not shipped.

        Examples
        --------
        >>> get("dlib").templates(data.load("anytown/dev")).shape
        (1920, 128)
        """
        if self.fitted and faces.people.index.isin(_trained_people()).any():
            raise ValueError(
                f"{self.name} was fitted on people of {faces.name}: give a set of other people,"
                " such as anytown/dev"
            )
        shipped = None if self.shipped is None else self.shipped(faces)
        return self.trained().transform(self.pictures(faces)) if shipped is None else shipped


@functools.cache
def _trained(entry: Entry) -> Matcher:
    matcher = entry.make()
    if entry.fitted:
        train = data.load(TRAINED_ON)
        matcher.fit(entry.pictures(train), train.of("person"))
    return matcher


@functools.cache
def _trained_people() -> frozenset[int]:
    return frozenset(data.load(TRAINED_ON).people.index.tolist())


def get(name: str) -> Entry:
    """The entry of a matcher, by its name in any case.

    Raises
    ------
    ValueError
        With the names there are, when there is none of that name.

    Examples
    --------
    >>> get("DLIB").name
    'dlib'
    >>> get("Elasticfaces")
    Traceback (most recent call last):
    ValueError: there is no matcher 'Elasticfaces': use one of dlib, Eigenfaces, Fisherfaces...
    """
    known = {n.lower(): entry for n, entry in MATCHERS.items()}
    if str(name).lower() not in known:
        words = _("there is no matcher {name!r}: use one of {known}")
        raise ValueError(words.format(name=name, known=", ".join(MATCHERS)))
    return known[name.lower()]


def offline() -> Iterator[Entry]:
    """The matchers that need neither a network nor an account, in the order of the registry.

    Examples
    --------
    >>> [entry.name for entry in offline()][:3]
    ['dlib', 'Eigenfaces', 'Fisherfaces'...]
    """
    return (entry for entry in MATCHERS.values() if entry.offline)


# ---- the entries --------------------------------------------------------------------------------


def _dlib() -> Matcher:
    from labkit.matchers.deepface import DeepFaceMatcher

    return DeepFaceMatcher()


def _sface() -> Matcher:
    from labkit.matchers.sface import SFaceMatcher

    return SFaceMatcher()


def _anytownnet() -> Matcher:
    from labkit.matchers.network import NetworkMatcher

    return NetworkMatcher()


def _by_anytownnet(faces: FaceSet) -> Templates:
    """The stored templates of a set, or what the network makes of the pictures that are shipped.

    dlib found the faces of a set when it was made, so that nobody has to wait for them.
    """
    stored = faces.stored("anytownnet")
    if stored is not None:
        return stored
    from labkit.matchers.network import templates_of

    return templates_of(faces)


def _rekognition() -> Matcher:
    from labkit.matchers.rekognition import RekognitionMatcher

    return RekognitionMatcher()


def _eigenfaces() -> Matcher:
    from labkit.matchers.pixel import Eigenfaces

    return Eigenfaces()


def _fisherfaces() -> Matcher:
    from labkit.matchers.pixel import Fisherfaces

    return Fisherfaces()


_KNOWN = {
    entry.name: entry
    for entry in (
        Entry(
            "dlib",
            N_(
                "A network of 2017 that others trained, on about 3 million photographs of real"
                " people, many of them taken from the web."
            ),
            _dlib,
            measure="euclidean",
            reads="pictures",
            shipped=lambda faces: faces.templates,
        ),
        Entry(
            "Eigenfaces",
            N_(
                "Compares in which directions a face differs from the average face; nobody tells it"
                " which pictures show the same person."
            ),
            _eigenfaces,
            measure="cosine",
            reads="crops",
            fitted=True,
            at_home=True,
        ),
        Entry(
            "Fisherfaces",
            N_(
                "Compares in the directions in which people differ more than pictures of one person"
                " do; it was told who is who in its training pictures."
            ),
            _fisherfaces,
            measure="cosine",
            reads="crops",
            fitted=True,
            at_home=True,
        ),
        Entry(
            "SFace",
            N_(
                "A network of 2021 that others trained, on photographs of real people taken from"
                " the web; which ones this copy has seen, its makers do not say."
            ),
            _sface,
            measure="cosine",
            reads="pictures",
            shipped=lambda faces: faces.stored("sface"),
        ),
        Entry(
            "AnytownNet",
            N_(
                "A network trained here, on 2,502 invented people who exist nowhere; it is at home:"
                " drawings by the same program are all it has ever seen."
            ),
            _anytownnet,
            measure="cosine",
            reads="pictures",
            at_home=True,
            shipped=_by_anytownnet,
        ),
        Entry(
            "Rekognition",
            N_(
                "A vendor's service, for those who have an account there: pictures leave this"
                " computer, similarities come back, and each is paid."
            ),
            _rekognition,
            measure="similarity",
            reads="pictures",
            offline=False,
        ),
    )
}

MATCHERS: Mapping[str, Entry] = MappingProxyType(_KNOWN)
"""The matchers of the lab, in the order in which they are met."""
