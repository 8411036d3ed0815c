"""The bundled people: pictures, tables, templates and crops, checked before they are used.

In: a name such as ``"anytown/eval"``.  Out: a :class:`FaceSet`.  Every file is compared with its
checksum when it is read, so a file that was changed or cut short is noticed before it is used.
"""

from __future__ import annotations

import functools
import io
import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from labkit.base.codec import Picture, decode, untile
from labkit.base.files import CHECKSUMS, DamagedFile, checksum_of, read_checked, read_checksums
from labkit.base.places import PROJECT
from labkit.base.words import N_, _

if TYPE_CHECKING:
    import pandas as pd

    from labkit.people.who.person import Person
    from labkit.photographs.folder import load_folder as load_folder
    from labkit.photographs.lfw import load_lfw_pairs as load_lfw_pairs

SETS = (
    "anytown/train",
    "anytown/dev",
    "anytown/eval",
    "anytown/holdout",
    "counterfactual/paired",
    "counterfactual/train-two-tones",
    "teaching/linked",  # shape mildly linked to tone on purpose: see data/teaching/DATASHEET.md
    "teaching/narrow",  # one band varies less in shape, on purpose: see the same page
)
FURTHER = ("causes/controls",)
"""Sets that no plan draws: see ``data/causes/DATASHEET.md``."""

MODELS = "models"
"""The folder of the networks that are shipped."""

GALLERY = "gallery"
"""The folder of the people who are searched, and of those who are searched for."""

STREET = "street"
"""The folder of crowds, of passages past cameras, and of what people review."""

MAKER = "maker"
"""The folder of the strips that the face maker shows: see ``labkit.experiment.strips``."""

NETWORKS = "networks"
"""The folder of the networks that were trained here, and of what each got wrong."""

ROOTS = tuple(
    sorted(
        {
            MODELS,
            NETWORKS,
            GALLERY,
            STREET,
            MAKER,
            *(name.split("/")[0] for name in (*SETS, *FURTHER)),
        }
    )
)
"""The folders of ``data/`` whose files are compared with checksums."""

ORIGINS = ("as trained", "recentred")
"""Where similarity is measured from: as the network gives it, or from the mean of the balanced
people of ``anytown/train``."""

ASKED = (0.01, 0.001)
"""FMR for which a network's thresholds were chosen."""

MATED = ("all", "same style", "restyled")
"""Which pairs of one person's photographs are counted."""

ORDERS = {
    "tone_band": ("lighter", "medium", "darker"),
    "presentation_half": ("lower", "upper"),
}
"""Groups in the order in which tables show them; other columns go by the alphabet."""

# Read as they were written: small whole numbers stay whole, empty text stays text.
TEXT = (
    "covering_kind",
    "moles",
    "haircut",
    "facial_hair",
    "glasses",
    "covering",
    "light",
    "exposure",
    "camera",
    "file",
    "status",
    "image",
)


def data_folder() -> Path:
    """Where the bundled data lies: ``data/`` beside the package, or what ``LABKIT_DATA`` names.

    Raises
    ------
    FileNotFoundError
        With one sentence, when there is no such folder.
    """
    named = os.environ.get("LABKIT_DATA")
    folder = Path(named) if named else PROJECT / "data"
    if not folder.is_dir():
        raise FileNotFoundError(
            f"the data folder {folder} does not exist: start from the project's folder, or name the"
            " data folder in the environment variable LABKIT_DATA"
        )
    return folder


class Pictures(Sequence[Picture]):
    """The pictures of a set, read when they are asked for; uint8 RGB.

    A picture that is not shipped (templates only) raises ``LookupError``.
    """

    def __init__(self, source: _Source, files: Sequence[str]) -> None:
        self._source = source
        self._files = list(files)

    def __repr__(self) -> str:
        return f"Pictures({len(self):,} of {self._source.name!r})"

    def __len__(self) -> int:
        return len(self._files)

    @overload
    def __getitem__(self, index: int) -> Picture: ...
    @overload
    def __getitem__(self, index: slice) -> Pictures: ...
    def __getitem__(self, index: int | slice) -> Picture | Pictures:
        if isinstance(index, slice):
            return Pictures(self._source, self._files[index])
        return decode(self._source.read(self._named(index)))

    def __iter__(self) -> Iterator[Picture]:
        return (self[k] for k in range(len(self)))

    def checksums(self) -> list[str]:
        """The checksum of each picture's file: what tells these pictures from others.

        Raises
        ------
        LookupError
            When a picture is not shipped.
        DamagedFile
            When a file does not belong to the data.
        """
        return [self._source.checksum(self._named(k)) for k in range(len(self))]

    def _named(self, index: int) -> str:
        name = self._files[index]
        if not name:
            raise LookupError(
                f"picture {index} of {self._source.name} is not shipped: this set holds templates;"
                " labkit.making.remake draws the pictures again"
            )
        return name


@dataclass(frozen=True)
class _Source:
    """The files of one set."""

    root: Path
    name: str
    checksums: dict[str, str] = field(repr=False)

    def read(self, file: str) -> bytes:
        return read_checked(self.root, f"{self.name}/{file}", self.checksums)

    def checksum(self, file: str) -> str:
        return checksum_of(self.root, f"{self.name}/{file}", self.checksums)


@dataclass(frozen=True)
class FaceSet:
    """A set of photographs of people.

    Parameters
    ----------
    name
        For example ``"anytown/eval"``.
    people
        One row for each person, indexed by ``person``: drawing parameters, tone band, presentation
        half.  They are drawing parameters of invented people, not races or genders of real ones.
    images
        One row for each photograph, in the order of ``templates``, ``crops`` and ``pictures``:
        who, ``status`` (``'ok'``, or ``'failed'`` when no face was found), every parameter of
        styling and capture, the face's box and landmarks.
    templates
        dlib descriptors, shape (n, 128), float32, NaN where no face was found.
    pictures
        Pictures, read on demand.

    Examples
    --------
    >>> faces = load("anytown/dev")
    >>> faces
    FaceSet('anytown/dev': 1,920 photographs of 480 people)
    >>> faces.templates.shape
    (1920, 128)
    """

    name: str
    people: pd.DataFrame
    images: pd.DataFrame
    templates: NDArray[np.float32]
    pictures: Pictures
    _source: _Source = field(repr=False)

    def __repr__(self) -> str:
        return f"FaceSet({self.name!r}: {len(self):,} photographs of {len(self.people):,} people)"

    def __len__(self) -> int:
        return len(self.images)

    @functools.cached_property
    def crops(self) -> NDArray[np.uint8]:
        """Aligned grey crops for the pixel matchers, (n, 64, 64), uint8, 0 where none was found.

        Raises
        ------
        LookupError
            For sets that hold templates only.
        """
        if f"{self.name.split('/')[1]}/crops.webp" not in self._source.checksums:
            raise LookupError(f"{self.name} has no crops: it holds templates")
        return untile(self._source.read("crops.webp"), len(self))

    @functools.cached_property
    def coefficients(self) -> NDArray[np.float32]:
        """Coefficients of the stored PCA basis, shape (n, k); counterfactual sets only.

        Raises
        ------
        LookupError
            For sets without them.
        """
        if f"{self.name.split('/')[1]}/coefficients.npy" not in self._source.checksums:
            raise LookupError(f"{self.name} has no coefficients: counterfactual sets have them")
        return _array(self._source.read("coefficients.npy")).astype(np.float32)

    def stored(self, matcher: str) -> NDArray[np.float32] | None:
        """Templates of another matcher than dlib, where they lie beside the pictures.

        They are stored with 11 binary digits a number; ``benchmarks/results/stored.md`` says what
        that changes.

        Parameters
        ----------
        matcher
            The name in the file's: ``"sface"`` for ``templates_sface.npy``.

        Returns
        -------
        templates
            Shape (n, d), float32, NaN where no face was found; ``None`` where none are stored.

        Raises
        ------
        DamagedFile
            When the file was cut short or changed, or is of other images.

        Examples
        --------
        >>> load("anytown/dev").stored("sface").shape
        (1920, 128)
        >>> load("anytown/dev").stored("arcface") is None
        True
        """
        file = f"templates_{matcher}.npy"
        if f"{self.name.split('/')[1]}/{file}" not in self._source.checksums:
            return None
        templates = _array(self._source.read(file)).astype(np.float32)
        if len(templates) != len(self):
            raise DamagedFile(f"{self.name}: {len(self)} images but {len(templates)} in {file}")
        return templates

    def of(self, column: str) -> NDArray[Any]:
        """A column of the people table (or else of the images table), one value for each image.

        Raises
        ------
        KeyError
            For a column in neither table.
        """
        if column in self.images.columns:
            return self.images[column].to_numpy()
        if column in self.people.columns:
            return self.people[column].loc[self.images["person"]].to_numpy()
        raise KeyError(
            f"{self.name} has no column {column!r}: see .people.columns, .images.columns"
        )

    def groups(self, *columns: str) -> pd.Categorical:
        """The group of each image by one column or by several together, in reading order.

        Parameters
        ----------
        columns
            Names as for :meth:`of`.  Two make groups such as ``"darker, lower"``.

        Returns
        -------
        groups
            One for each image; ``.categories`` holds the groups that occur, in the order of
            :data:`ORDERS`, the first column turning slowest.  What takes the group of each image
            (:func:`labkit.measure.disparity.group_table`, say) keeps this order.  Missing where a
            column has nothing to say about an image.

        Raises
        ------
        KeyError
            For a column in neither table.
        ValueError
            When no column is named.

        Examples
        --------
        >>> faces = load("anytown/eval")
        >>> faces.groups("tone_band").categories.tolist()
        ['lighter', 'medium', 'darker']
        >>> faces.groups("tone_band", "presentation_half")[0]
        'darker, upper'
        """
        import pandas as pd

        if not columns:
            raise ValueError("no column was named: give one or more, such as groups('tone_band')")
        values = pd.DataFrame({column: self.of(column) for column in columns}).replace("", None)
        known = values.dropna()
        orders = [_in_order(column, known[column]) for column in columns]
        names = [_joined(row) for row in itertools.product(*orders)]
        seen = {_joined(row) for row in known.drop_duplicates().itertuples(index=False)}
        labels = pd.Series(pd.NA, values.index, dtype=object)
        labels[known.index] = [_joined(row) for row in known.itertuples(index=False)]
        return pd.Categorical(labels, [name for name in names if name in seen], ordered=True)


def _in_order(column: str, values: pd.Series) -> list[Any]:
    """The different values of a column, in the order in which tables show them."""
    known, found = ORDERS.get(column, ()), set(values)
    return [v for v in known if v in found] + sorted(found - set(known))


def _joined(values: Iterable[Any]) -> str:
    return ", ".join(map(str, values))


@dataclass(frozen=True)
class Basis:
    """The PCA basis of the pixel matchers: mean (4096,), components (k, 4096), variance (k,).

    Coefficients of crops are ``(crop_vectors(crops) - mean) @ components.T``.
    """

    mean: NDArray[np.float32]
    components: NDArray[np.float32]
    variance: NDArray[np.float32]


def load(name: str, *, data: Path | None = None) -> FaceSet:
    """A bundled set.

    Parameters
    ----------
    name
        One of :data:`SETS` or :data:`FURTHER`.
    data
        Another data folder.

    Returns
    -------
    FaceSet

    Raises
    ------
    ValueError
        For an unknown name.
    DamagedFile
        When a file is missing, cut short or changed.
    """
    import pandas as pd

    if name not in (*SETS, *FURTHER):
        raise ValueError(f"there is no set {name!r}: use {', '.join((*SETS, *FURTHER))}")
    root, part = name.split("/")
    source = _source(root, part, data)
    tables = {}
    for table in ("people", "images"):
        content = source.read(f"{table}.csv")
        types = dict.fromkeys(TEXT, str)
        tables[table] = pd.read_csv(
            io.BytesIO(content),
            dtype=types,
            na_values=[""],
            keep_default_na=False,
            low_memory=False,
        ).fillna(dict.fromkeys(TEXT, ""))
    people, images = tables["people"].set_index("person"), tables["images"]
    templates = _array(source.read("templates.npy")).astype(np.float32, copy=False)
    if len(templates) != len(images):
        raise DamagedFile(f"{name}: {len(images)} rows but {len(templates)} templates")
    return FaceSet(
        name, people, images, templates, Pictures(source, images["file"].tolist()), source
    )


def load_basis(*, data: Path | None = None) -> Basis:
    """The stored PCA basis, fitted on the balanced people of ``anytown/train``."""
    root = (data_folder() if data is None else Path(data)) / "counterfactual"
    content = read_checked(root, "basis.npz", read_checksums(root))
    with np.load(io.BytesIO(content)) as archive:
        values = [archive[k].astype(np.float32) for k in ("mean", "components", "variance")]
    return Basis(*values)


def counted(name: str, *, data: Path | None = None) -> pd.DataFrame:
    """What was counted among many further people, drawn as those of a teaching set.

    Parameters
    ----------
    name
        ``"narrow"`` or ``"linked"``: the truth about that set; ``"trial"``: what the spread of
        ``narrow`` was chosen by.  ``data/teaching/DATASHEET.md`` says what the columns are.
    data
        Another data folder.

    Returns
    -------
    table
        Index: ``matcher``, ``group``.

    Raises
    ------
    ValueError
        For something that was not counted.
    DamagedFile
        When the file is missing, cut short or changed.

    Examples
    --------
    >>> list(counted("narrow").loc["dlib"].index)
    ['lighter', 'medium', 'medium, not narrowed']
    """
    import pandas as pd

    root = (data_folder() if data is None else Path(data)) / "teaching"
    checksums = read_checksums(root)
    names = [Path(file).stem for file in checksums if file.startswith("counted/")]
    if name not in names:
        raise ValueError(f"{name!r} was not counted: use {', '.join(names)}")
    content = read_checked(root, f"counted/{name}.csv", checksums)
    return pd.read_csv(io.BytesIO(content)).set_index(["matcher", "group"])


# ---- networks that were trained here ------------------------------------------------------------


@dataclass(frozen=True)
class NetworkErrors:
    """What one network got wrong on the people of ``anytown/eval``, person by person.

    Parameters
    ----------
    network, origin, asked
        Which network, measured from where, at the threshold for which FMR.
    threshold
        A cosine; chosen on ``anytown/dev``.
    people
        Numbers of the people, ascending, shape (k,).
    first, second
        Places in ``people`` of two people of one tone band who were falsely matched, shape (m,).
    false_matches
        How often, of the comparisons of their photographs, shape (m,).
    images
        Photographs of each person in which a face was found, shape (k,); two people make
        ``images[i] * images[j]`` comparisons.
    missed, compared, planned
        Pairs of a person's own photographs: with a score below the threshold, made, planned; for
        each of :data:`MATED`, shape (k,).
    """

    network: str
    origin: str
    asked: float
    threshold: float
    people: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    false_matches: NDArray[np.int64]
    images: NDArray[np.int64]
    missed: dict[str, NDArray[np.int64]] = field(repr=False)
    compared: dict[str, NDArray[np.int64]] = field(repr=False)
    planned: dict[str, NDArray[np.int64]] = field(repr=False)


def networks(*, data: Path | None = None) -> pd.DataFrame:
    """The networks that were trained here, one row each.

    Returns
    -------
    table
        Index: network, such as ``"90-10-0"``: the mix and the number of the training.  Columns:
        ``mix``; ``training``; ``lighter``, ``medium``, ``darker``: people it was trained on;
        ``darker_share``; ``odd_share`` of the people with an odd seed; ``grey``; ``pictures`` it
        saw; ``first_seed``, ``last_seed`` of its people; ``seed`` of its first weights; ``steps``,
        ``batch``; ``loss`` at the end; ``seconds``; ``bytes`` of its file and whether it is
        ``shipped``; ``code`` that drew.

    Raises
    ------
    DamagedFile
        When the file is missing, cut short or changed.

    Examples
    --------
    >>> networks().loc["90-10-0", ["lighter", "medium", "darker"]].tolist()
    [576, 0, 64]
    """
    return _networks_table("networks.csv", data).set_index("network")


def network_rates(*, data: Path | None = None) -> pd.DataFrame:
    """Rates of every network on ``anytown/eval``, with intervals by people.

    Returns
    -------
    table
        ``network``; ``origin``, one of :data:`ORIGINS`; ``asked``, one of :data:`ASKED`;
        ``group``: a tone band, ``"odd seed"``, ``"even seed"`` or ``"everybody"``; ``rate``
        (``fmr``, ``fnmr``, ``false_rejection``, ``fta``); ``errors``, ``trials``, ``value``,
        ``low``, ``high``, ``people``, ``person_pairs``, ``words`` as in
        :class:`labkit.measure.intervals.Interval`.

    Raises
    ------
    DamagedFile
        When the file is missing, cut short or changed.

    Examples
    --------
    >>> set(network_rates()["origin"]) == set(ORIGINS)
    True
    """
    return _networks_table("rates.csv", data)


def network_errors(
    network: str,
    origin: str = "as trained",
    asked: float = 0.01,
    *,
    data: Path | None = None,
) -> NetworkErrors:
    """What one network got wrong, person by person.

    Parameters
    ----------
    network
        One of :func:`networks`.
    origin
        One of :data:`ORIGINS`.
    asked
        One of :data:`ASKED`.
    data
        Another data folder.

    Raises
    ------
    ValueError
        For a network, origin or rate that was not measured.
    DamagedFile
        When the file is missing, cut short or changed.

    Examples
    --------
    >>> found = network_errors("90-10-0")
    >>> len(found.people), found.planned["all"].sum().item()
    (480, 7200)
    """
    archive = _network_archive(data)
    key = f"{network}/{origin}/{asked:g}"
    if f"{key}/threshold" not in archive:
        raise ValueError(
            f"nothing was measured of {network!r}, {origin!r}, {asked!r}: use a network of"
            f" labkit.data.networks(), an origin of {ORIGINS} and a rate of {ASKED}"
        )
    own = {k: archive[f"{key}/{k}"].astype(np.int64) for k in _COUNTED}
    mated: Any = {
        what: {style: archive[f"{key}/{style}/{what}"].astype(np.int64) for style in MATED}
        for what in ("missed", "compared", "planned")
    }
    threshold = float(archive[f"{key}/threshold"])
    return NetworkErrors(
        network, origin, asked, threshold, archive["people"].astype(np.int64), **own, **mated
    )


_COUNTED = ("first", "second", "false_matches", "images")


def _networks_table(name: str, data: Path | None) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(io.BytesIO(_of_networks(name, data)), keep_default_na=True).fillna(
        {"words": ""}
    )


def _network_archive(data: Path | None) -> Any:
    """The counts of all networks; each array is read when it is asked for."""
    return np.load(io.BytesIO(_of_networks("errors.npz", data)), allow_pickle=False)


def _of_networks(name: str, data: Path | None) -> bytes:
    folder = (data_folder() if data is None else Path(data)) / NETWORKS
    return read_checked(folder, name, read_checksums(folder))


# ---- galleries, and who is searched for in them -------------------------------------------------

SEEN = "seen.npz"
"""The file of the photographs of the galleries that notebook 09 shows."""

GALLERY_SIZE = 25_000
"""People in the largest gallery of each make-up."""

NESTED_SIZES = (250, 500, 1_000, 2_500, 5_000, 10_000, GALLERY_SIZE)
"""Sizes at which searches of nested galleries are told."""

MATES = 500
"""Enrolled people who have a second photograph: the first of every gallery."""

MAKE_UPS: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {
        "balanced": (1 / 3, 1 / 3, 1 / 3),
        "town": (0.50, 0.30, 0.20),
        "over-policed": (0.35, 0.25, 0.40),
    }
)
"""Shares of lighter, medium and darker people in a gallery.  They are choices, made before anybody
was matched: ``town`` says who lives in Anytown; in ``over-policed`` the share of darker people is
twice that.  Nobody was counted for them."""

SEARCHED_WITH = MappingProxyType(
    {"dlib": "euclidean", "SFace": "cosine", "one": "cosine", "two": "cosine"}
)
"""Whose templates of the galleries are stored, and how they are compared.  ``one`` and ``two`` are
the networks ``50-50-0`` and ``90-10-0`` of :func:`networks`, in an order that was drawn by lot and
written down nowhere: notebook 09 asks which is which."""


def shares(make_up: str, n: int) -> tuple[int, int, int]:
    """How many lighter, medium and darker people a gallery of ``n`` has; they add up to ``n``.

    Each band has its share rounded down; who is then missing comes from the bands that have least,
    so that a smaller gallery never has more of a band than a larger one.

    Raises
    ------
    ValueError
        For a make-up that does not exist, or a size beyond 1 to 25,000.

    Examples
    --------
    >>> shares("balanced", 25_000), shares("town", 1_000)
    ((8334, 8333, 8333), (500, 300, 200))
    """
    if make_up not in MAKE_UPS:
        raise ValueError(f"there is no make-up {make_up!r}: use {', '.join(MAKE_UPS)}")
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or not 1 <= n <= GALLERY_SIZE:
        raise ValueError(
            f"a gallery has 1 to {GALLERY_SIZE:,} people, a whole number: {n!r} is none"
        )
    exact = [share * n for share in MAKE_UPS[make_up]]
    out = [int(x + 1e-9) for x in exact]
    for k in sorted(range(3), key=lambda k: (out[k] - round(exact[k], 9), k))[: n - sum(out)]:
        out[k] += 1
    return out[0], out[1], out[2]


@dataclass(frozen=True)
class Gallery:
    """The people who are searched, and those who are searched for.

    Parameters
    ----------
    images
        One row for each photograph: ``role``, which is ``pool`` (whoever can stand in a gallery),
        ``dev`` (600 people enrolled nowhere, for thresholds) or ``council`` (535 people enrolled
        nowhere); ``place`` within the role, in the pool within the band; ``person``, the seed;
        ``photo``, 0 for the enrolment portrait and 1 for an everyday photograph; ``tone``,
        ``tone_band``, ``presentation_half``, ``age``.

    Examples
    --------
    >>> people = gallery()
    >>> people
    Gallery(30,833 to enrol, 600 dev, 535 council)
    >>> rows = people.enrolled("town", 1_000)
    >>> people.images["tone_band"].iloc[rows].value_counts().tolist()
    [500, 300, 200]
    >>> people.templates("dlib", rows).shape
    (1000, 128)
    """

    images: pd.DataFrame
    _root: Path = field(repr=False)

    def __repr__(self) -> str:
        roles = self.images.loc[self.images["photo"] == 0, "role"].value_counts()
        return (
            f"Gallery({roles['pool']:,} to enrol, {roles['dev']:,} dev,"
            f" {roles['council']:,} council)"
        )

    def enrolled(self, make_up: str, n: int = GALLERY_SIZE) -> NDArray[np.int64]:
        """The rows of the portraits in a gallery of ``n``, lighter people first, then medium.

        A gallery holds the first people of each band, so a smaller one is a part of a larger one,
        and galleries of different make-up share whom they can.

        Raises
        ------
        ValueError
            As for :func:`shares`.
        """
        found = []
        for band, many in zip(ORDERS["tone_band"], shares(make_up, n), strict=True):
            rows = self._rows((self.images["role"] == "pool") & (self.images["tone_band"] == band))
            if len(rows) < many:
                raise ValueError(
                    f"the pool has {len(rows):,} {band} people, and a gallery of {n:,} needs"
                    f" {many:,}: ask for a smaller one"
                )
            found.append(rows[:many])
        return np.concatenate(found)

    def rows(self, who: str, photo: int = 0) -> NDArray[np.int64]:
        """The rows of ``dev``, ``council`` or ``mates``, in the order of their places.

        ``mates`` are the 500 enrolled people who have a second photograph: a search with photograph
        1 should find photograph 0.  They stand first in every gallery of 1,000 people or more.

        Raises
        ------
        ValueError
            For somebody else, or another photograph.
        """
        if photo not in (0, 1) or who not in ("dev", "council", "mates"):
            raise ValueError(
                f"there is no photograph {photo!r} of {who!r}: use dev, council or mates, and 0 or"
                " 1"
            )
        if who != "mates":
            return self._rows(self.images["role"] == who, photo)
        role, second = self.images["role"] == "pool", self.images["photo"] == 1
        people = self.images.loc[role & second, "person"]
        return self._rows(role & self.images["person"].isin(people), photo)

    def _rows(self, which: pd.Series, photo: int = 0) -> NDArray[np.int64]:
        return np.flatnonzero((which & (self.images["photo"] == photo)).to_numpy())

    def measure(self, matcher: str) -> str:
        """How a matcher's templates are compared: ``"euclidean"`` or ``"cosine"``.

        Raises
        ------
        ValueError
            For a matcher whose templates are not stored.
        """
        if matcher not in SEARCHED_WITH:
            raise ValueError(
                f"there are no templates of {matcher!r}: use {', '.join(SEARCHED_WITH)}"
            )
        return SEARCHED_WITH[matcher]

    def templates(self, matcher: str, rows: Any = None) -> NDArray[np.float32]:
        """Templates of a matcher, of all photographs or of some.

        They are stored with 8 bits a number; ``data/gallery/DATASHEET.md`` says what that changes.

        Parameters
        ----------
        matcher
            One of :data:`SEARCHED_WITH`.
        rows
            Whole numbers, shape (m,); all photographs when ``None``.

        Returns
        -------
        templates
            Shape (m, 128), float32; NaN where no face was found.

        Raises
        ------
        ValueError
            For a matcher whose templates are not stored.
        DamagedFile
            When a file is missing, cut short or changed.
        """
        codes, low, step = self.codes(matcher)
        return decoded(codes if rows is None else codes[rows], low, step)

    def codes(
        self, matcher: str
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]:
        """Templates as they are stored, a quarter as large: codes (n, 128), their low and step.

        :func:`decoded` makes templates of them; :class:`labkit.gallery.codes.Codes` can be searched
        as they are.  Errors as :meth:`templates`.
        """
        self.measure(matcher)
        return _codes(self._root, (self._root / CHECKSUMS).read_text(), matcher)

    def seen(self, row: int) -> Picture:
        """One of the few photographs that are stored, because notebook 09 shows them.

        Parameters
        ----------
        row
            Of ``images``.

        Returns
        -------
        picture
            Shape (160, 160, 3), uint8 RGB.

        Raises
        ------
        LookupError
            For a photograph that is not stored: ``labkit.making.gallery.picture`` draws any.
        DamagedFile
            When the file is missing, cut short or changed.
        """
        archive = np.load(io.BytesIO(read_checked(self._root, SEEN, read_checksums(self._root))))
        place = np.flatnonzero(archive["row"] == row)
        if not len(place):
            raise LookupError(
                f"the photograph of row {row} is not stored: labkit.making.gallery.picture(gallery,"
                f" {row}) draws it again"
            )
        end = int(archive["length"][: place[0] + 1].sum())
        start = end - int(archive["length"][place[0]])
        return decode(archive["webp"][start:end].tobytes())

    def person(self, row: int) -> Person:
        """Whose photograph it is: everybody is drawn from a seed."""
        from labkit.people.who import sample_person

        return sample_person(int(self.images["person"].iloc[row]))


def gallery(*, data: Path | None = None) -> Gallery:
    """The galleries, and who is searched for in them.

    Raises
    ------
    DamagedFile
        When a file is missing, cut short or changed.
    """
    import pandas as pd

    root = (data_folder() if data is None else Path(data)) / GALLERY
    if not (root / CHECKSUMS).is_file():
        raise DamagedFile(f"{root} is not complete: make it with `python -m labkit make gallery`")
    content = read_checked(root, "images.csv", read_checksums(root))
    return Gallery(pd.read_csv(io.BytesIO(content)), root)


NO_FACE = 255
"""The code of every number of a template where no face was found."""


def decoded(
    codes: NDArray[np.uint8], low: NDArray[np.float32], step: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Templates from their 8-bit codes: ``low + step * code``, NaN for :data:`NO_FACE`."""
    out = codes.astype(np.float32) * step + low
    out[codes[:, 0] == NO_FACE] = np.nan
    return out


@functools.lru_cache(maxsize=2)
def _codes(
    root: Path, checksums: str, matcher: str
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]:
    """The codes of a matcher and the scale of each number, while the folder is as it was."""
    known = read_checksums(root)
    codes = _array(read_checked(root, f"{matcher.lower()}.npy", known))
    scale = _array(read_checked(root, f"{matcher.lower()}_scale.npy", known))
    return codes, scale[0], scale[1]


NOT_BUILT_IN = N_(
    "Tone was drawn independently of the shape of the face, so a difference between tones that"
    " comes from face shape or ancestry is not built in: only luck of the draw could put one there."
)
"""What the invented people cannot show about tone, and what luck still can."""


def limits(*, short: bool = False) -> str:
    """What the invented people cannot show about groups; it belongs beside every table by tone.

    Parameters
    ----------
    short
        One sentence, for the second table of a page and those after it.

    Examples
    --------
    >>> "is not built in" in limits(short=True)
    True
    """
    if short:
        return _(
            "Invented people: a difference between tones that comes from face shape or ancestry is"
            " not built in ([what this does not show](#What-this-does-not-show))."
        )
    return _(
        "Tone and presentation are drawing parameters of invented people, not races or genders."
        " {not_built_in}\n"
        "In tests with real people NIST reports false positives that differ between groups by"
        " factors of 10 to beyond 100 (by country of birth and sex, border and visa photographs),"
        " for many algorithms though not for all (Grother, Ngan and Hanaoka 2019, NIST IR 8280,"
        " read in notes)."
    ).format(not_built_in=_(NOT_BUILT_IN))


def verify(*, data: Path | None = None) -> int:
    """Compare every bundled file with its checksum; the number of files.

    Raises
    ------
    DamagedFile
        Naming the first file that is missing, cut short or changed.
    """
    folder = data_folder() if data is None else Path(data)
    count = 0
    for root in ROOTS:
        checksums = read_checksums(folder / root)
        for name in checksums:
            read_checked(folder / root, name, checksums)
        count += len(checksums)
    return count


def _source(root: str, part: str, data: Path | None) -> _Source:
    folder = (data_folder() if data is None else Path(data)) / root
    if not (folder / CHECKSUMS).is_file():
        raise DamagedFile(f"{folder} is not complete: make it with `python -m labkit make`")
    return _Source(folder, part, read_checksums(folder))


def _array(content: bytes) -> NDArray[Any]:
    return np.load(io.BytesIO(content), allow_pickle=False)


def __getattr__(name: str) -> Any:
    """Photographs of real people: what loads them is loaded when it is asked for."""
    if name == "load_folder":
        from labkit.photographs.folder import load_folder

        return load_folder
    if name == "load_lfw_pairs":
        from labkit.photographs.lfw import load_lfw_pairs

        return load_lfw_pairs
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
