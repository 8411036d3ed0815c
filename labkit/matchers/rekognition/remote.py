"""A gallery that the service holds: made when it is first searched, gone on with after a break.

In: one picture of each person, and pictures to search for.  Out: who is like them, by the ids that
were given, with similarities in percent.  What the service keeps are its own templates of the
faces, until the collection is deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import _
from labkit.matchers.describing import MatcherError
from labkit.matchers.rekognition.account import Account, Question, different, whose
from labkit.matchers.rekognition.calls import Missing
from labkit.matchers.rekognition.kept import Answer
from labkit.matchers.rekognition.pictures import Sendable, sendable

PREFIX = "labkit-"
"""How the names of all collections of this lab begin, so that no other is touched."""

MOST = 4096
"""Faces that one search returns at most."""

LISTED = 500
"""Faces that a search returns unless more are asked for: what comes back is some 200 kB."""

_ID = re.compile(r"[a-zA-Z0-9_.\-:]{1,255}")


class Listed(NamedTuple):
    """What one search returned.

    Parameters
    ----------
    places
        Who: places in the list of those who are enrolled, the most alike first.
    similarity
        In percent, shape as ``places``, float32.
    words
        Why nobody was searched for, such as that no face was found; empty where somebody was.
    """

    places: NDArray[np.int64]
    similarity: NDArray[np.float32]
    words: str


class Remote:
    """A gallery that the service holds; :meth:`RekognitionMatcher.collection` makes one.

    Parameters
    ----------
    account
        Who asks, and what may be spent.
    pictures, ids
        One of each person, and a name that is sent with it.
    quality
        What the service may leave out as too poor.
    consent
        As for the matcher.
    ahead
        Pictures that will be searched for, for the first estimate.
    opened
        Told of the collection, once the service holds it.

    Attributes
    ----------
    id
        Its name there; the same for the same people and the same folder of answers.

    Raises
    ------
    MatcherError
        For ids that are too few, stand twice or have letters that the service does not take.
    """

    def __init__(
        self,
        account: Account,
        pictures: Sequence[Sendable],
        ids: Sequence[str],
        *,
        quality: str,
        consent: Any,
        ahead: Sequence[Sendable],
        opened: Callable[[str, int], None],
    ) -> None:
        if len(pictures) != len(ids) or len(set(ids)) != len(ids):
            words = _("{n} pictures with {k} ids: give a different id for each picture")
            raise MatcherError(words.format(n=len(pictures), k=len(set(ids))))
        for name in ids:
            if not _ID.fullmatch(name):
                words = _("{name!r} is no id for the service: use letters, digits and _ . - :")
                raise MatcherError(words.format(name=name))
        self.account, self.quality = account, quality
        self._consent, self._opened = consent, opened
        self._pictures, self._ahead = list(pictures), list(ahead)
        self._place = {name: k for k, name in enumerate(ids)}
        people = "\n".join(f"{name} {p.key}" for name, p in zip(ids, pictures, strict=True))
        text = f"{account.kept.salt}\n{account.calls.where()}\n{quality}\n{people}"
        self.id = PREFIX + hashlib.sha256(text.encode()).hexdigest()[:32]
        self._ready = False
        self._indexing = [self._to_index(*pair) for pair in zip(ids, pictures, strict=True)]
        if self._open():  # left by a run that was broken off: it goes with this one
            opened(self.id, len(self))

    def __repr__(self) -> str:
        return f"Remote({self.id}: {len(self):,} people)"

    def __len__(self) -> int:
        return len(self._pictures)

    # ---- searches -------------------------------------------------------------------------------

    def search(self, pictures: Any, most: int = LISTED) -> list[Listed]:
        """Who is like the largest face of each picture.

        No threshold is given to the service: who is near the end of the list is not alike.

        Parameters
        ----------
        pictures
            As for :meth:`RekognitionMatcher.compare`.
        most
            How many people a search returns at most, 1 to :data:`MOST`.

        Raises
        ------
        NotInvented, ConsentMissing, TooDear, MatcherError
            As :meth:`RekognitionMatcher.compare`.
        """
        if isinstance(most, bool) or not 1 <= most <= MOST:
            words = _("a search returns 1 to {most:,} people, not {n}")
            raise MatcherError(words.format(most=MOST, n=most))
        ready = sendable(pictures, self._consent)
        questions = [self._to_search(picture, most) for picture in ready]
        fresh = self.account.unanswered("SearchFacesByImage", questions)
        if fresh:
            self._announce([*questions, *(self._to_search(p, most) for p in self._ahead)], ready)
            self._hold()
        answers = self.account.answers("SearchFacesByImage", questions)
        self._one_model(answers)
        return [self._listed(answer) for answer in answers]

    def _announce(self, questions: Sequence[Question], searched: Sequence[Sendable]) -> None:
        """All that is still to be paid: faces to enrol, and searches, also those to come."""
        searches, faces = different(questions), different(self._indexing)
        fresh = self.account.unanswered("SearchFacesByImage", searches)
        calls = {"IndexFaces": len(self._unheld()), "SearchFacesByImage": fresh}
        kept = len(faces) - calls["IndexFaces"] + len(searches) - fresh
        of_whom = whose([*self._pictures, *searched, *self._ahead])
        self.account.announce(calls, kept, of_whom, list(self._place))
        self._ahead = []  # said once

    def _to_search(self, picture: Sendable, most: int) -> Question:
        asked = {
            "collection": self.id,
            "picture": picture.key,
            "threshold": 0,
            "most": int(most),
            "quality": self.quality,
        }

        def ask() -> Answer:
            try:
                answer = self.account.calls.ask(
                    "SearchFacesByImage",
                    CollectionId=self.id,
                    Image={"Bytes": picture.png()},
                    MaxFaces=int(most),
                    FaceMatchThreshold=0.0,
                    QualityFilter=self.quality,
                )
            except Missing:
                words = _(
                    "the collection {id} was deleted while it was searched: what was answered is"
                    " kept; run it again, and it is made again"
                )
                raise MatcherError(words.format(id=self.id)) from None
            found = answer["FaceMatches"]
            return {
                "ids": [match["Face"]["ExternalImageId"] for match in found],
                "similarity": [float(match["Similarity"]) for match in found],
                "model": answer.get("FaceModelVersion", ""),
            }

        return Question(asked, ask, picture.words)

    def _listed(self, answer: Answer) -> Listed:
        best: dict[int, float] = {}
        for name, similarity in zip(
            answer.get("ids", ()), answer.get("similarity", ()), strict=True
        ):
            best.setdefault(self._place[name], similarity)
        places = np.array(list(best), np.int64)
        similarity = np.array(list(best.values()), np.float32)
        order = np.lexsort((places, -similarity))
        return Listed(places[order], similarity[order], answer.get("unusable", ""))

    def _one_model(self, answers: Sequence[Answer]) -> None:
        """Similarities of two face models are not compared with each other."""
        models = {answer["model"] for answer in answers if answer.get("model")}
        if len(models) > 1:
            words = _(
                "answers of the face models {models} are mixed here: begin again with another"
                " cache folder, so that one model answers all"
            )
            raise MatcherError(words.format(models=", ".join(sorted(models))))

    # ---- the collection -------------------------------------------------------------------------

    def _hold(self) -> None:
        """Have the service hold everybody, going on from where it is."""
        calls, kept = self.account.calls, self.account.kept
        if self._ready and self._open():
            return
        try:
            calls.ask("DescribeCollection", CollectionId=self.id)
            held = self._held()
        except Missing:
            if self._open():
                kept.put("collection", {"id": self.id}, {"open": False})
                self._announce([], ())  # everybody is paid again
            calls.ask("CreateCollection", CollectionId=self.id)
            held = set()
        kept.put("collection", {"id": self.id}, {"open": True})
        self._opened(self.id, len(self))
        lost = [q for q in self._indexing if q.asked["id"] not in held and self._found(q)]
        for question in lost:
            kept.forget("IndexFaces", question.asked)
        self.account.answers("IndexFaces", self._indexing)
        self._ready = True

    def _held(self) -> set[str]:
        """The ids that the service holds, page by page; each of them is kept as enrolled."""
        held: set[str] = set()
        page: dict[str, Any] = {}
        while True:
            answer = self.account.calls.ask("ListFaces", CollectionId=self.id, **page)
            held |= {face["ExternalImageId"] for face in answer["Faces"]}
            if not answer.get("NextToken"):
                break
            page = {"NextToken": answer["NextToken"]}
        for question in self._indexing:
            known = self.account.kept.get("IndexFaces", question.asked)
            if known is None and question.asked["id"] in held:
                self.account.kept.put("IndexFaces", question.asked, {"found": True})
        return held

    def _unheld(self) -> list[Question]:
        """Who is still to be enrolled, as far as it is known without asking."""
        is_open, fresh = self._open(), []
        for question in self._indexing:
            known = self.account.kept.get("IndexFaces", question.asked)
            if question.words or (known is not None and "unusable" in known):
                continue
            if known is None or not is_open:
                fresh.append(question)
        return fresh

    def _open(self) -> bool:
        """Whether the service held the collection when it was last heard of."""
        return bool((self.account.kept.get("collection", {"id": self.id}) or {}).get("open"))

    def _found(self, question: Question) -> bool:
        return "found" in (self.account.kept.get("IndexFaces", question.asked) or {})

    def _to_index(self, name: str, picture: Sendable) -> Question:
        asked = {"collection": self.id, "id": name, "picture": picture.key}

        def ask() -> Answer:
            answer = self.account.calls.ask(
                "IndexFaces",
                CollectionId=self.id,
                Image={"Bytes": picture.png()},
                ExternalImageId=name,
                MaxFaces=1,
                DetectionAttributes=["DEFAULT"],
                QualityFilter=self.quality,
            )
            if not answer["FaceRecords"]:
                return {"unusable": _("no face was found")}
            return {"found": True, "model": answer.get("FaceModelVersion", "")}

        return Question(asked, ask, picture.words)


def deleted(account: Account, collection: str) -> None:
    """Delete a collection, and remember that it is gone.

    Raises
    ------
    MatcherError
        With one sentence, when the service cannot be asked.
    """
    with contextlib.suppress(Missing):  # it is gone, which is what was wanted
        account.calls.ask("DeleteCollection", CollectionId=collection)
    account.kept.put("collection", {"id": collection}, {"open": False})
