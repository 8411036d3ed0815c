"""Which pictures may be sent: those of invented people, and others only with consent.

In: pictures of a bundled set, recipes of pictures that are drawn here, arrays or paths.  Out: the
same, ready to be sent, each with a hash that names its content; or one sentence that refuses.

A picture is known to be Anytown's when its file has a checksum of the bundled data, when its pixels
are those of a bundled picture, or when it is a recipe that this program draws itself.  That stops
mistakes; it does not stop somebody who wants around it.
"""

from __future__ import annotations

import functools
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from labkit import data
from labkit.base.codec import Picture, decode, encode
from labkit.base.consent import require
from labkit.base.files import DamagedFile, read_checked, read_checksums, sha256
from labkit.base.words import _
from labkit.matchers.describing import MatcherError, PictureError, _several, read_smaller
from labkit.matchers.rekognition import VENDOR
from labkit.people.who import Capture, Person, Styling

SIDE = 80
"""Pixels: a picture that is narrower or lower is not accepted by the service."""

PIXELS = 1_500_000
"""A photograph with more is made smaller: the service takes 5 MB, and a PNG has 3 bytes a pixel."""

SIZE = 160
"""Pixels of every bundled or drawn picture, each way."""


class NotInvented(MatcherError):
    """A picture is none of Anytown's and nobody's consent was given; nothing was sent."""


@dataclass(frozen=True)
class Drawn:
    """A photograph of an invented person that is drawn when it is needed, about .3 s.

    Parameters
    ----------
    person, styling, capture
        Who it is, how dressed, in which light and pose.
    """

    person: Person
    styling: Styling
    capture: Capture

    def draw(self) -> Picture:
        """The picture as the lab stores it, shape (160, 160, 3), uint8 RGB."""
        from labkit.people.photo.camera import develop
        from labkit.people.photo.render import Likeness, Sitter, render_radiance

        sitter = Sitter.of(Likeness.of(self.person), self.styling)
        radiance = render_radiance(sitter, None, self.capture, SIZE)
        return decode(encode(develop(radiance, self.capture)))

    def key(self) -> str:
        """A hash of the recipe and of the code that draws it, which decide every pixel."""
        code = (data.data_folder() / "fingerprint.json").read_text()
        return sha256(f"{code}{self.person!r}{self.styling!r}{self.capture!r}".encode())


@dataclass(frozen=True)
class Sendable:
    """A picture that may be sent.

    Parameters
    ----------
    key
        Names its content.
    invented
        Whether it is known to be Anytown's; with consent nobody looks through the bundled pictures.
    words
        Why it is not sent all the same: it cannot be read, or is too small.
    """

    key: str
    invented: bool
    read: Callable[[], Picture] = field(repr=False)
    words: str = ""

    def png(self) -> bytes:
        """What is sent: a PNG, without a name, place or date."""
        from PIL import Image

        content = io.BytesIO()
        Image.fromarray(self.read()).save(content, "PNG", compress_level=1)
        return content.getvalue()


def sendable(pictures: Any, consent: Any = None) -> list[Sendable]:
    """Pictures, ready to be sent; or a refusal before any of them is.

    Parameters
    ----------
    pictures
        A list of :class:`Drawn`, arrays and paths, or the pictures of a bundled set.
    consent
        A :class:`labkit.base.consent.Consent` for this service; without a complete one, Anytown's
        pictures alone are accepted.

    Raises
    ------
    NotInvented
        For a picture that is none of Anytown's, when no consent was given.
    ConsentMissing
        When the consent that was given is not complete, or not for this service.
    PictureError
        For what is no list of pictures.
    """
    if consent is not None:
        require(consent, where=VENDOR)
    if isinstance(pictures, data.Pictures) and set(pictures.checksums()) <= _files():
        reads = [functools.partial(pictures.__getitem__, k) for k in range(len(pictures))]
        return [_ready(read, k, known=True) for k, read in enumerate(reads)]
    out = []
    for k, given in enumerate(_several(pictures)):
        if isinstance(given, Drawn):
            out.append(Sendable(given.key(), True, given.draw))
            continue
        ready = _ready(functools.partial(_same, given), k, search=consent is None)
        if not (ready.invented or ready.words) and consent is None:
            words = _(
                "picture {k} of the list is none of Anytown's, so nothing was sent to {vendor}:"
                " give invented people's pictures as the lab has them, or answer the consent"
                " checklist (labkit.base.consent) and give consent="
            )
            raise NotInvented(words.format(k=k, vendor=VENDOR))
        out.append(ready)
    return out


def _same(given: Any) -> Any:
    return given


def _ready(
    read: Callable[[], Any], k: int, *, known: bool = False, search: bool = False
) -> Sendable:
    """A picture of the list, read once for its hash and again when it is sent."""
    name = f"picture {k} of the list"

    def pixels() -> Picture:
        return read_smaller(read(), PIXELS, name=name)[0]

    try:
        seen = pixels()
    except (PictureError, DamagedFile) as error:
        return Sendable("", known, pixels, str(error))
    key = pixels_hash(seen)
    invented = known or (search and seen.shape == (SIZE, SIZE, 3) and is_bundled(key))
    words = ""
    if min(seen.shape[:2]) < SIDE:
        words = _("{name} has a side below {side} pixels: the service does not accept it")
    return Sendable(key, invented, pixels, words.format(name=name, side=SIDE))


def pixels_hash(pixels: Picture) -> str:
    """A hash of the pixels and the shape of a picture."""
    whole = np.ascontiguousarray(pixels)
    return hashlib.sha256(f"{whole.shape}".encode() + whole.tobytes()).hexdigest()


def is_bundled(key: str) -> bool:
    """Whether a picture with this hash is one of the bundled data; the first time takes seconds."""
    return any(key in known for known in _known())


def _known() -> Iterator[frozenset[str]]:
    """Hashes of the bundled pictures, a set at a time, until somebody has seen enough."""
    yield _seen()
    for name in ("anytown/dev", "anytown/eval", "anytown/train", "counterfactual/paired"):
        yield _of(name)


@functools.cache
def _of(name: str) -> frozenset[str]:
    many = data.load(name).pictures
    return _hashes(many[k] for k, file in enumerate(many._files) if file)


@functools.cache
def _seen() -> frozenset[str]:
    """Of the few photographs of the gallery that are stored."""
    people = data.gallery()
    content = read_checked(people._root, data.SEEN, read_checksums(people._root))
    rows = np.load(io.BytesIO(content))["row"]
    return _hashes(people.seen(int(row)) for row in rows)


def _hashes(pictures: Iterable[Picture]) -> frozenset[str]:
    return frozenset(map(pixels_hash, pictures))


@functools.cache
def _files() -> frozenset[str]:
    """Checksums of every bundled file."""
    folder = data.data_folder()
    return frozenset(c for root in data.ROOTS for c in read_checksums(folder / root).values())
