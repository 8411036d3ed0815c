"""The matcher: two pictures compared by the service, and galleries that it holds.

In: pictures that may be sent, and what may be spent.  Out: similarities in percent, NaN where the
service found no face; and, before anything is sent, what leaves this computer and what it costs.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import _
from labkit.matchers.describing import MatcherError
from labkit.matchers.rekognition import VENDOR
from labkit.matchers.rekognition.account import NOTHING, Account, Question, different, whose
from labkit.matchers.rekognition.calls import Calls
from labkit.matchers.rekognition.kept import Answer, Kept
from labkit.matchers.rekognition.pictures import Sendable, sendable
from labkit.matchers.rekognition.prices import PER_SECOND, PRICES, Prices, dollars
from labkit.matchers.rekognition.remote import PREFIX, Remote, deleted

if TYPE_CHECKING:
    import pandas as pd

QUALITY = ("NONE", "AUTO", "LOW", "MEDIUM", "HIGH")
"""What the service may leave out of a picture as too poor; ``"NONE"`` leaves out no face."""


@dataclass(frozen=True)
class Compared:
    """Similarities of pairs of pictures.

    Parameters
    ----------
    similarity
        In percent, as the service gave it, shape (n,), float32; NaN where there is none.
    table
        A row a pair: ``status`` (``"ok"``, ``"no face"`` or ``"refused"``) and ``words``.
    """

    similarity: NDArray[np.float32]
    table: pd.DataFrame


class RekognitionMatcher:
    """Amazon Rekognition, for those who have an account there.

    It gives no templates: :meth:`compare` sends two pictures at a time, :meth:`collection` has a
    gallery searched.  Answers are kept, so that each is paid once.  Used in ``with``, it deletes
    the collections that it made, at the end; after an error they stay, so that it can be gone on
    with, unless ``consent`` was given: then they are deleted as well.

    Parameters
    ----------
    region
        Where the service runs, such as ``"us-east-1"``; ``None`` for what the computer's own
        configuration says.
    profile
        Whose account, as ``aws configure`` named it; this class never sees its keys.
    consent
        A :class:`labkit.base.consent.Consent` for this service.  Without it Anytown's pictures
        alone are sent.
    cache
        A folder to keep answers in; ``None`` keeps them as long as the program runs.
    budget
        US dollars at list prices that may be spent with this object.  0 sends nothing: the first
        job then says what it would cost.
    per_second
        Calls in a second, at most.
    quality
        One of :data:`QUALITY`.
    prices
        What a call costs.
    progress
        Whether long work shows a bar.
    endpoint_url
        Another address, such as a stand-in on this computer.
    client
        A client that was made already.
    say
        Where to say what leaves.

    Attributes
    ----------
    measure
        ``"similarity"``: none of the lab's, because the service compares.
    offline
        False: outside the promise that the lab needs no network.

    Raises
    ------
    MatcherError
        For an option that does not exist.

    Examples
    --------
    >>> matcher = RekognitionMatcher(region="us-east-1")
    >>> matcher
    RekognitionMatcher(Amazon Rekognition, budget 0 US dollars)
    >>> matcher.transform([np.zeros((160, 160, 3), np.uint8)])
    Traceback (most recent call last):
    ...
    labkit.matchers.describing.MatcherError: Amazon Rekognition gives no templates, only the
    similarity of two pictures: use compare(), or have a gallery searched (docs/vendor.md)
    """

    measure = "similarity"
    offline = False

    def __init__(
        self,
        region: str | None = None,
        profile: str | None = None,
        consent: Any = None,
        cache: str | os.PathLike[str] | None = None,
        budget: float = NOTHING,
        *,
        per_second: float = PER_SECOND,
        quality: str = "NONE",
        prices: Prices = PRICES,
        progress: bool = True,
        endpoint_url: str | None = None,
        client: Any = None,
        say: Callable[[str], Any] = print,
    ) -> None:
        if quality not in QUALITY:
            words = _("quality={quality!r} is not known: use {known}")
            raise MatcherError(words.format(quality=quality, known=", ".join(QUALITY)))
        if not budget >= 0:
            words = _("a budget of {budget} is none: give US dollars, 0 or more")
            raise MatcherError(words.format(budget=budget))
        self.consent, self.quality = consent, quality
        self.account = Account(
            Calls(region, profile, endpoint_url, per_second=per_second, client=client),
            Kept(None if cache is None else Path(cache)),
            budget,
            prices,
            progress,
            say,
        )
        self._open: dict[str, int] = {}

    @property
    def name(self) -> str:
        """As tables and figures name it: the vendor, or the stand-in at another address."""
        return self.account.name

    @property
    def spent(self) -> float:
        """US dollars at list prices for the calls that this object made."""
        return self.account.spent

    def __repr__(self) -> str:
        return f"RekognitionMatcher({self.name}, budget {dollars(self.account.budget)})"

    # ---- as other matchers ----------------------------------------------------------------------

    def fit(self, pictures: Any = None, people: Any = None) -> Self:
        """Nothing is learned: the vendor trained it.  Returns itself."""
        return self

    def transform(self, pictures: Any) -> NoReturn:
        """There are no templates to give.

        Raises
        ------
        MatcherError
            Always, with what to do instead.
        """
        words = _(
            "{vendor} gives no templates, only the similarity of two pictures: use compare(), or"
            " have a gallery searched (docs/vendor.md)"
        )
        raise MatcherError(words.format(vendor=VENDOR))

    # ---- pairs ----------------------------------------------------------------------------------

    def compare(self, first: Any, second: Any) -> Compared:
        """Similarities of pictures, pair by pair.

        The largest face of each picture counts.  No threshold is given to the service, so that
        low similarities come back too.

        Parameters
        ----------
        first, second
            As many pictures each: those of a bundled set, arrays or paths.

        Returns
        -------
        compared
            Similarities, and what became of each pair.

        Raises
        ------
        NotInvented, ConsentMissing
            Before anything is sent, for a picture that may not be.
        TooDear
            Before anything is sent, when it would cost more than the budget has left.
        MatcherError
            With one sentence, for what is in the way; answers that came are kept.
        """
        one, two = sendable(first, self.consent), sendable(second, self.consent)
        if len(one) != len(two):
            words = _("{n} pictures and {k}: give as many first as second ones")
            raise MatcherError(words.format(n=len(one), k=len(two)))
        questions = [self._question(a, b) for a, b in zip(one, two, strict=True)]
        fresh = self.account.unanswered("CompareFaces", questions)
        kept = len(different(questions)) - fresh
        self.account.announce({"CompareFaces": fresh}, kept, whose(one + two))
        return _compared(self.account.answers("CompareFaces", questions))

    def _question(self, source: Sendable, target: Sendable) -> Question:
        asked = {
            "where": self.account.calls.where(),
            "source": source.key,
            "target": target.key,
            "threshold": 0,
            "quality": self.quality,
        }

        def ask() -> Answer:
            answer = self.account.calls.ask(
                "CompareFaces",
                SourceImage={"Bytes": source.png()},
                TargetImage={"Bytes": target.png()},
                SimilarityThreshold=0.0,
                QualityFilter=self.quality,
            )
            faces = [(_area(f["Face"]), float(f["Similarity"])) for f in answer["FaceMatches"]]
            faces += [(_area(face), 0.0) for face in answer.get("UnmatchedFaces", ())]
            if not faces:
                return {"unusable": _("no face was found in the second picture")}
            return {"similarity": max(faces)[1], "faces": len(faces)}

        return Question(asked, ask, source.words or target.words)

    # ---- galleries ------------------------------------------------------------------------------

    def collection(self, pictures: Any, ids: Iterable[str], ahead: Any = ()) -> Remote:
        """A gallery that the service will hold; nothing is sent before the first search.

        Parameters
        ----------
        pictures
            One of each person.
        ids
            A name for each, of letters, digits and ``_ . - :``; it is sent, so let it say nothing
            of who it is, such as ``row-0``.
        ahead
            Pictures that will be searched for, so that the first estimate covers them all.

        Raises
        ------
        NotInvented, ConsentMissing
            For a picture that may not be sent.
        MatcherError
            For ids that are too few, stand twice or have other letters.
        """
        return Remote(
            self.account,
            sendable(pictures, self.consent),
            list(ids),
            quality=self.quality,
            consent=self.consent,
            ahead=sendable(ahead, self.consent),
            opened=self._opened,
        )

    def leftovers(self) -> list[str]:
        """Collections of this lab that the account still holds, from any computer.

        Raises
        ------
        MatcherError
            With one sentence, when the service cannot be asked.
        """
        found: list[str] = []
        page: dict[str, Any] = {}
        while True:
            answer = self.account.calls.ask("ListCollections", **page)
            found += [name for name in answer["CollectionIds"] if name.startswith(PREFIX)]
            if not answer.get("NextToken"):
                return found
            page = {"NextToken": answer["NextToken"]}

    def delete(self, collection: str) -> None:
        """Delete a collection of this lab, with all its faces.

        Raises
        ------
        MatcherError
            For a collection that this lab did not make, or when the service cannot be asked.
        """
        if not collection.startswith(PREFIX):
            words = _("{name} is no collection of this lab, and is left alone")
            raise MatcherError(words.format(name=collection))
        deleted(self.account, collection)
        self._open.pop(collection, None)

    def close(self) -> None:
        """Delete the collections that were used."""
        for collection in list(self._open):
            self.delete(collection)
            words = _("Deleted at {name}: the collection {id}.")
            self.account.say(words.format(name=self.name, id=collection))

    def tell(self) -> None:
        """Say which collections stay with the service, what that costs, how to delete them."""
        for collection, faces in self._open.items():
            words = _(
                "The collection {id} stays with {name} ({where}) with {n:,} faces, at about"
                " {month} a month, so that a second run goes on from here. To delete it:"
                " matcher.delete({id!r}), or aws rekognition delete-collection --collection-id"
                " {id} --region {where}"
            )
            said = words.format(
                id=collection,
                name=self.name,
                where=self.account.calls.where(),
                n=faces,
                month=dollars(faces * self.account.prices.face_month),
            )
            self.account.say(said)

    def _opened(self, collection: str, faces: int) -> None:
        """A collection that the service holds now; said at the end when it is still there."""
        if not self._open:
            atexit.register(_tell, weakref.ref(self))
        self._open[collection] = faces

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: Any, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
            return
        if self.consent is not None:  # templates of real people do not stay behind
            with contextlib.suppress(MatcherError):
                self.close()
        self.tell()  # whoever was interrupted will want to go on, or has to delete it by hand
        self._open.clear()


def _tell(matcher: weakref.ref[RekognitionMatcher]) -> None:
    left = matcher()
    if left is not None:
        left.tell()


def _area(face: Mapping[str, Any]) -> float:
    box = face["BoundingBox"]
    return float(box["Width"]) * float(box["Height"])


def _compared(answers: list[Answer]) -> Compared:
    import pandas as pd

    similarity = [float(a.get("similarity", np.nan)) for a in answers]
    several = _("{n} faces in the second picture: the largest is compared")
    rows = []
    for answer in answers:
        if "unusable" in answer:
            rows.append(("refused" if answer.get("refused") else "no face", answer["unusable"]))
        else:
            n = answer["faces"]
            rows.append(("ok", several.format(n=n) if n > 1 else ""))
    table = pd.DataFrame(rows, columns=["status", "words"])
    return Compared(np.array(similarity, np.float32), table)
