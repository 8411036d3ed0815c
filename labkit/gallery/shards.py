"""One gallery on several computers: each holds a part (a shard), and all are searched at once.

In: where each shard's templates come from, and a ``distributed.Client``.  Out: the answers that one
computer with all of them would give, to the last bit; or an error that names the shards that could
not be searched.  A search with a gap that nobody sees would tell of nobody where somebody is.

Needs the extra ``cluster``: ``pip install "labkit[cluster]"``, which brings dask.distributed.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.gallery.codes import Codes
from labkit.gallery.index import Above, Exact, Found, Mates, listed, ordered, together

if TYPE_CHECKING:
    from distributed import Client, Future

Scores = NDArray[np.float32]
Whole = NDArray[np.int64]
T = TypeVar("T")
Source = str | Path | Callable[[], ArrayLike | Codes]


class ShardsMissing(RuntimeError):
    """Some shards could not be searched, so that whoever is in them cannot have been found.

    Parameters
    ----------
    missing
        Name of each shard, with what its computer said.
    rows
        How many rows of the gallery were not searched.
    found
        What the other shards answered: a part of the answer, not the answer.
    """

    def __init__(self, missing: Mapping[str, str], rows: int, found: Any) -> None:
        self.missing, self.rows, self.found = dict(missing), rows, found
        words = _(
            "{n:,} rows were not searched, because shards are missing ({names}): bring their"
            " computers back, or read error.found, the answer without them, as a part"
        )
        told = "; ".join(f"{name}: {why}" for name, why in missing.items())
        super().__init__(words.format(n=rows, names=told))


class Shards:
    """A gallery in parts, behind the same protocol as :class:`labkit.gallery.Exact`.

    The workers take turns in loading the parts and search what they loaded; when one is lost, its
    parts are loaded again by another.

    Parameters
    ----------
    sources
        Name of each shard -> where its templates come from: the path of a ``.npy`` file that every
        worker can read, or a function without arguments that gives them.  Rows of the gallery are
        counted through the shards in this order.
    measure
        One of :data:`labkit.measure.MEASURES`.
    client
        The cluster, a ``distributed.Client``.
    sizes
        Rows of each shard; asked of the shards when ``None``.
    patience
        Seconds after which a shard that has not answered counts as missing.

    Raises
    ------
    ValueError
        Without a shard.
    ShardsMissing
        If a shard cannot be loaded and nobody said how many rows it has.

    Examples
    --------
    >>> from distributed import Client, LocalCluster  # doctest: +SKIP
    >>> client = Client(LocalCluster(n_workers=2))  # doctest: +SKIP
    >>> shards = Shards({"a": "a.npy", "b": "b.npy"}, "cosine", client)  # doctest: +SKIP
    >>> shards.search(probes, 10).rows  # doctest: +SKIP
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        measure: str,
        client: Client,
        sizes: Mapping[str, int] | None = None,
        patience: float = 600.0,
    ) -> None:
        if not sources:
            raise ValueError(_("a gallery without a shard has nobody to find: give one"))
        self.measure, self._client, self._patience = measure, client, patience
        turns = itertools.cycle([*client.scheduler_info(-1)["workers"]] or [None])
        self._shards: dict[str, Future] = {
            name: client.submit(
                _loaded,
                source,
                measure,
                pure=False,
                workers=worker,
                allow_other_workers=bool(worker),
            )
            for (name, source), worker in zip(sources.items(), turns)
        }
        if sizes is None:
            sizes, missing = self._asked("__len__")
            if missing:
                raise ShardsMissing(missing, 0, None)
        self._rows, start = {}, 0
        for name in self._shards:
            self._rows[name] = slice(start, start + sizes[name])
            start += sizes[name]

    def __len__(self) -> int:
        """Rows of the gallery, those without a template included."""
        return max(rows.stop for rows in self._rows.values())

    def __repr__(self) -> str:
        return f"Shards({len(self):,} templates in {len(self._rows)}, {self.measure})"

    def search(self, probes: ArrayLike, k: int) -> Found:
        """The k nearest rows of each probe; see :meth:`labkit.gallery.Exact.search`.

        Raises
        ------
        ShardsMissing
            With the shards that could not be searched, and what the others found.
        """
        parts, missing = self._asked("search", probes, k)
        pairs = []
        for name, found in parts.items():
            i, j = np.nonzero(found.rows >= 0)
            pairs.append(Above(i, found.rows[i, j] + self._rows[name].start, found.scores[i, j]))
        return self._whole(listed(together(pairs), len(np.asarray(probes)), k), missing)

    def above(self, probes: ArrayLike, threshold: float) -> Above:
        """All pairs with a score of at least the threshold; see :meth:`labkit.gallery.Exact.above`.

        Raises
        ------
        ShardsMissing
            With the shards that could not be searched, and what the others found.
        """
        parts, missing = self._asked("above", probes, threshold)
        pairs = [
            Above(found.probes, found.rows + self._rows[name].start, found.scores)
            for name, found in parts.items()
        ]
        return self._whole(ordered(together(pairs)), missing)

    def best(self, probes: ArrayLike) -> Scores:
        """The highest score of each probe, shape (m,); NaN where nothing can be compared.

        Raises
        ------
        ShardsMissing
            With the shards that could not be searched, and what the others found.
        """
        return self.search(probes, 1).scores[:, 0]

    def mate(self, probes: ArrayLike, rows: ArrayLike) -> Mates:
        """Score and rank of one given row for each probe; see :meth:`labkit.gallery.Exact.mate`.

        Raises
        ------
        ShardsMissing
            With the shards that could not be searched; a rank needs them all.
        """
        given, own = np.asarray(probes, np.float32), np.asarray(rows)
        scores = np.full(len(given), np.nan, np.float32)
        held = {n: np.flatnonzero((own >= r.start) & (own < r.stop)) for n, r in self._rows.items()}
        parts, missing = self._each(
            {n: ("mate", given[at], own[at] - self._rows[n].start) for n, at in held.items()}
        )
        for name, found in parts.items():
            scores[held[name]] = found.scores
        counts, more = self._asked("reaching", given, scores)
        ranks = sum(counts.values(), np.zeros(len(given), np.int64))
        return self._whole(Mates(scores, np.where(ranks > 0, ranks, -1)), missing | more)

    def reaching(self, probes: ArrayLike, scores: ArrayLike) -> Whole:
        """How many rows reach each probe's own score; see :meth:`labkit.gallery.Exact.reaching`.

        Raises
        ------
        ShardsMissing
            With the shards that could not be searched, and the count of the others.
        """
        counts, missing = self._asked("reaching", probes, scores)
        start = np.zeros(len(np.asarray(probes)), np.int64)
        return self._whole(sum(counts.values(), start), missing)

    # -- workers -----------------------------------------------------------------------------------

    def _asked(self, method: str, *given: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """What each shard answers to the same question; and of those that could not, why."""
        return self._each(dict.fromkeys(self._shards, (method, *given)))

    def _each(self, questions: Mapping[str, tuple]) -> tuple[dict[str, Any], dict[str, str]]:
        from distributed import wait

        for shard in self._shards.values():
            if shard.status == "error":  # its computer may be back
                shard.retry()
        asked = {
            name: self._client.submit(_answer, self._shards[name], *question, pure=False)
            for name, question in questions.items()
        }
        with contextlib.suppress(TimeoutError):
            wait(list(asked.values()), timeout=self._patience)
        answers, missing = {}, {}
        for name, future in asked.items():
            if not future.done():
                missing[name] = _("no answer in {n:g} seconds").format(n=self._patience)
                future.cancel()
                continue
            try:
                answers[name] = future.result()
            except Exception as error:
                if isinstance(error, ValueError):  # the question is at fault, not the shard
                    raise
                missing[name] = _reason(error)
        return answers, missing

    def _whole(self, found: T, missing: dict[str, str]) -> T:
        """What was found, if every shard was searched."""
        if missing:
            rows = sum(self._rows[name].stop - self._rows[name].start for name in missing)
            raise ShardsMissing(missing, rows, found)
        return found


def _loaded(source: Source, measure: str) -> Exact:
    """A shard, on the worker that will search it."""
    if callable(source):
        return Exact(source(), measure)
    return Exact(np.load(source), measure)


def _answer(shard: Exact, method: str, *given: Any) -> Any:
    return getattr(shard, method)(*given)


def _reason(error: Exception) -> str:
    """What went wrong, without the advice that follows."""
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__}, {lines[0].split('. ')[0]}"
