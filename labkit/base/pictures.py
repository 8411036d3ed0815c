"""Photographs from files or arrays, brought to one form or refused in one sentence.

In: a path or an array.  Out: uint8 RGB, shape (height, width, 3).  Files are only read: nothing is
written beside them, and no address on the internet is opened.
"""

from __future__ import annotations

import errno
import io
import math
import os
import re
import stat
import warnings
from typing import IO, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

LARGEST = 50_000_000
"""Pixels; a larger picture is refused before it is decoded."""

LARGEST_JPEG = 150_000_000
"""Pixels of a JPEG that is to be made smaller, which is decoded at a part of its size."""

SHOWN = 120
"""Characters of a name or a path in a message; the middle of a longer one is left out."""

LARGEST_FILE = 200_000_000
"""Bytes; a larger file is refused before it is read."""

# Pillow opens others too, some of them (EPS) by starting another program on the file.
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "PPM")

WORDS = {
    "kind": "{where} is not a picture: give an array or the path of a file, not {kind}",
    "address": "{where} is an address on the internet: labkit opens files on this computer only",
    "place": "{where} is an address of a file: give its path, {path}",
    "blank": "'' is no name of a picture: give the path of a file, or an array",
    "long": "{where} is longer than a name of a file may be: give the path of a file, or an array",
    "device": "{where} is no ordinary file (a pipe or a device): give a JPEG, PNG or WebP",
    "matrix": "{where} is a numpy matrix: give numpy.asarray(picture), which has pixels one by one",
    "missing": "{where} does not exist: check the name and the folder",
    "folder": "{where} is a folder: give the pictures in it one by one",
    "unreadable": "{where} cannot be opened ({why}): check that you may read it",
    "empty": "{where} is empty: get the file again",
    "heavy": "{where} has {size:,} bytes: a picture may have at most {limit:,}",
    "no picture": "{where} is not a picture that can be read here: give a JPEG, PNG or WebP",
    "large": "{where} is too large ({size}): a picture may have at most {limit:g} million pixels,"
    " make it smaller first",
    "damaged": "{where} is damaged or cut short ({why}): get the file again",
    "shape": "{where} has the shape {shape}: a picture is (height, width) in grey or"
    " (height, width, 3 or 4) in colour",
    "nothing": "{where} has the shape {shape}: a picture has at least one pixel",
    "number": "{where} holds {kind} values: give uint8 or uint16, or fractions from 0 to 1",
    "range": "{where} holds {kind} values from {low:g} to {high:g}: {should}",
    "not finite": "{where} holds values that are not numbers: fill them before use",
}


class PictureError(ValueError):
    """A picture cannot be used; the message is one sentence that says which, why and what to do."""


def _refuse(reason: str, **parts: Any) -> PictureError:
    return PictureError(WORDS[reason].format(**{k: shown(v) for k, v in parts.items()}))


def shown(value: Any) -> Any:
    """A text for a message: on one line, and its middle left out where it is long."""
    if not isinstance(value, str):
        return value
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value)
    half = SHOWN // 2
    return text if len(text) <= SHOWN else f"{text[:half]}...{text[-half:]}"


def read_picture(
    picture: str | os.PathLike[str] | NDArray[Any], *, name: str | None = None
) -> Picture:
    """A picture as uint8 RGB, from a file or an array.

    What becomes of each kind:

    ======================================  =======================================================
    given                                   outcome
    ======================================  =======================================================
    uint8 RGB array                         as it is
    grey                                    the same value in three channels
    transparent (RGBA, grey with alpha)     laid on white
    16 bits a channel                       scaled, 65535 becomes 255
    fractions, 0 to 1                       times 255, rounded
    palette PNG, CMYK JPEG, first of a GIF  as RGB
    JPEG with an EXIF rotation              turned upright
    more than 50 million pixels             refused before it is decoded
    cut short, damaged, empty               refused
    no picture, a folder, a missing file    refused
    an address                              refused: labkit opens files only
    a pipe, a device                        refused before it is opened
    a path that begins with ``~``           in the home folder
    uint16 with no value above 255          refused: black, or 8 bits kept in 16?
    ======================================  =======================================================

    Parameters
    ----------
    picture
        Path of a file, or an array of shape (h, w), (h, w, 1), (h, w, 3) or (h, w, 4).
    name
        What to call it in messages; a file's own path by default.

    Returns
    -------
    ndarray
        Shape (height, width, 3), uint8 RGB, contiguous; a uint8 RGB array comes back uncopied.

    Raises
    ------
    PictureError
        With one sentence: which picture, what is wrong, what to do.

    Examples
    --------
    >>> import numpy as np
    >>> read_picture(np.array([[0.0, 1.0]])).tolist()
    [[[0, 0, 0], [255, 255, 255]]]
    >>> read_picture("nobody.jpg")
    Traceback (most recent call last):
    ...
    labkit.base.pictures.PictureError: nobody.jpg does not exist: check the name and the folder
    """
    return _read(picture, name, None)[0]


def read_smaller(
    picture: str | os.PathLike[str] | NDArray[Any], at_most: int, *, name: str | None = None
) -> tuple[Picture, float]:
    """A picture as :func:`read_picture` gives it, made smaller where it is large.

    A large JPEG is decoded at a half, a quarter or an eighth of its size to begin with, so that a
    photograph from a telephone does not take ten times the memory that is needed; so it may have
    more pixels than others, up to :data:`LARGEST_JPEG`.

    Parameters
    ----------
    picture, name
        As for :func:`read_picture`.
    at_most
        Pixels; a picture with more is brought down to about as many.

    Returns
    -------
    picture
        Shape (height, width, 3), uint8 RGB.
    scale
        How much longer the sides of the picture itself are; 1 if it was not made smaller.

    Raises
    ------
    PictureError
        With one sentence, as :func:`read_picture`.

    Examples
    --------
    >>> small, scale = read_smaller(np.zeros((40, 90), np.uint8), at_most=900)
    >>> small.shape, scale
    ((20, 45, 3), 2.0)
    """
    values, pixels = _read(picture, name, at_most)
    height, width = values.shape[:2]
    if height * width > at_most:
        import cv2

        down = (height * width / at_most) ** 0.5
        size = (max(1, round(width / down)), max(1, round(height / down)))
        values = np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.uint8)
    scale = (pixels / (values.shape[0] * values.shape[1])) ** 0.5
    return values, scale


def _read(picture: Any, name: str | None, at_most: int | None) -> tuple[Picture, int]:
    """A picture, perhaps already smaller, and how many pixels it has by itself."""
    if isinstance(picture, np.matrix):
        raise _refuse("matrix", where=name or "the array")
    if isinstance(picture, np.ndarray):
        values = _from_array(picture, name or "the array")
        return values, values.shape[0] * values.shape[1]
    if not isinstance(picture, (str, os.PathLike)):
        raise _refuse("kind", where=name or repr(picture)[:60], kind=type(picture).__name__)
    where = name or os.fspath(picture)
    return _from_bytes(_content(os.fspath(picture), where), where, at_most)


# ---- files --------------------------------------------------------------------------------------


def _content(path: str, where: str) -> bytes:
    """The bytes of an ordinary file, at most :data:`LARGEST_FILE` of them."""
    if not path.strip():
        raise _refuse("blank")
    if path.lower().startswith("file:"):
        raise _refuse("place", where=where, path=url2pathname(urlsplit(path).path) or "a/b.jpg")
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", path) or path.startswith("data:"):
        raise _refuse("address", where=where)
    try:
        # A pipe or a device would keep whoever reads it waiting, or never end: it is not opened.
        kind = os.stat(os.path.expanduser(path))
        if stat.S_ISDIR(kind.st_mode):
            raise _refuse("folder", where=where)
        if not stat.S_ISREG(kind.st_mode):
            raise _refuse("device", where=where)
        content, size = b"", kind.st_size
        if size <= LARGEST_FILE:
            with open(os.path.expanduser(path), "rb") as file:
                content = _at_most(file, LARGEST_FILE + 1)
            size = len(content)
    except FileNotFoundError:
        raise _refuse("missing", where=where) from None
    except (OSError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        if getattr(error, "errno", None) == errno.ENAMETOOLONG:
            raise _refuse("long", where=where) from None
        why = getattr(error, "strerror", None) or str(error)
        raise _refuse("unreadable", where=where, why=why) from None
    if size > LARGEST_FILE:
        raise _refuse("heavy", where=where, size=size, limit=LARGEST_FILE)
    if not content:
        raise _refuse("empty", where=where)
    return content


def _at_most(file: IO[bytes], limit: int) -> bytes:
    """What a file holds, piece by piece: what it says of its size may not be so."""
    pieces, size = [], 0
    while size < limit and (piece := file.read(min(1 << 20, limit - size))):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _from_bytes(content: bytes, where: str, at_most: int | None) -> tuple[Picture, int]:
    """Decode a file's bytes, once its size is known to be bearable; also its pixels."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.init()
    known = [name for name in FORMATS if name in Image.OPEN]
    with warnings.catch_warnings():
        # The limit below is lower than the one Pillow warns at.
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(content), formats=known)
        except UnidentifiedImageError:
            raise _refuse("no picture", where=where) from None
        except Image.DecompressionBombError as error:
            raise _too_large(where, str(error)) from None
        except Exception as error:
            raise _refuse("damaged", where=where, why=_short(error)) from None
        width, height = image.size
        shrinks = at_most is not None and image.format in ("JPEG", "MPO")
        if width * height > (LARGEST_JPEG if shrinks else LARGEST):
            raise _too_large(where, f"{width:,} x {height:,}")
        try:
            if at_most is not None and width * height > at_most:
                share = (at_most / (width * height)) ** 0.5
                # JPEG only, and never to less than asked for; other formats ignore it.
                image.draft(None, (math.ceil(width * share), math.ceil(height * share)))
            image.load()
            upright = ImageOps.exif_transpose(image)
            return _from_image(upright, where, png=image.format == "PNG"), width * height
        except PictureError:
            raise
        except Exception as error:
            raise _refuse("damaged", where=where, why=_short(error)) from None


def _too_large(where: str, size: str) -> PictureError:
    # Pillow's own refusal names the number of pixels within a sentence.
    number = re.search(r"\((\d+) pixels\)", size)
    words = f"{int(number[1]) / 1e6:,.0f} million pixels" if number else f"{size} pixels"
    return _refuse("large", where=where, size=words, limit=LARGEST / 1e6)


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__


def _from_image(image: Any, where: str, png: bool) -> Picture:
    """A decoded Pillow image as uint8 RGB."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        values = np.asarray(image)
        if image.mode == "I" and png:  # how Pillow before 11.3 held 16 bits of grey
            values = np.clip(values, 0, 65535).astype(np.uint16)
        return _from_array(values, where, from_file=True)
    if image.mode == "P" or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        return _on_white(np.asarray(image.convert("RGBA")))
    return np.ascontiguousarray(np.asarray(image.convert("RGB"), np.uint8))


# ---- arrays -------------------------------------------------------------------------------------


def _from_array(values: NDArray[Any], where: str, from_file: bool = False) -> Picture:
    """An array of any accepted form as uint8 RGB."""
    shape = "(" + ", ".join(map(str, values.shape)) + ")"
    if values.ndim not in (2, 3) or (values.ndim == 3 and values.shape[2] not in (1, 3, 4)):
        raise _refuse("shape", where=where, shape=shape)
    if not values.size:
        raise _refuse("nothing", where=where, shape=shape)
    if values.shape[0] * values.shape[1] > LARGEST:
        raise _too_large(where, f"{values.shape[1]:,} x {values.shape[0]:,}")
    bytes_ = _as_bytes(values, where, from_file)
    if bytes_.ndim == 2:
        bytes_ = bytes_[..., None]
    if bytes_.shape[2] == 4:
        return _on_white(bytes_)
    if bytes_.shape[2] == 1:
        bytes_ = np.repeat(bytes_, 3, axis=2)
    return np.ascontiguousarray(bytes_)


def _as_bytes(values: NDArray[Any], where: str, from_file: bool) -> Picture:
    """Values of any accepted kind, scaled to 0..255."""
    kind = str(values.dtype)
    if values.dtype == np.uint8:
        return values
    if values.dtype.kind == "u" and values.dtype.itemsize == 2:
        if not from_file and 1 < values.max() <= 255:
            should = "uint16 goes up to 65535, so this would be black; use picture.astype('uint8')"
            ends = {"low": int(values.min()), "high": int(values.max())}
            raise _refuse("range", where=where, kind=kind, **ends, should=should)
        return np.asarray((values.astype(np.uint32) + 128) // 257, np.uint8)
    if values.dtype.kind not in "iuf":
        raise _refuse("number", where=where, kind=kind)
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise _refuse("not finite", where=where)
    low, high = float(values.min()), float(values.max())
    if values.dtype.kind == "f":
        if low < 0 or high > 1:
            should = "fractions should lie between 0 and 1, so divide by the largest value possible"
            raise _refuse("range", where=where, kind=kind, low=low, high=high, should=should)
        return np.asarray(np.rint(values * 255), np.uint8)
    if low < 0 or high > 255:
        should = "whole numbers should lie between 0 and 255, or be uint16"
        raise _refuse("range", where=where, kind=kind, low=low, high=high, should=should)
    return values.astype(np.uint8)


def _on_white(rgba: Picture) -> Picture:
    """A transparent picture laid on white."""
    colour, alpha = rgba[..., :3].astype(np.uint32), rgba[..., 3:].astype(np.uint32)
    return np.asarray((colour * alpha + 255 * (255 - alpha) + 127) // 255, np.uint8)
