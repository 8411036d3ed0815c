"""Answers that were paid for, kept so that they are paid once.

In: what was asked (pictures by their hash, parameters).  Out: the answer from before, or nothing.
A file for each answer, written whole, its checksum first: a program may be stopped at any moment,
and the answers that came stay.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labkit.base.files import write_whole

Answer = dict[str, Any]

SHORT = 1000
"""Bytes: longer answers are read from their file again, so that an audit fits in memory."""


class Kept:
    """Answers in a folder; in memory alone without one.

    Parameters
    ----------
    folder
        Where they are kept; made when the first answer comes.

    Examples
    --------
    >>> kept = Kept(None)
    >>> kept.put("CompareFaces", {"of": "two pictures"}, {"similarity": 99.5})
    >>> kept.get("CompareFaces", {"of": "two pictures"})
    {'similarity': 99.5}
    >>> kept.get("CompareFaces", {"of": "two others"})
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._memory: dict[str, Answer] = {}
        self._salt = ""

    def __repr__(self) -> str:
        return f"Kept({'in memory' if self.folder is None else str(self.folder)!r})"

    def get(self, what: str, asked: Mapping[str, Any]) -> Answer | None:
        """The answer to the same question, or ``None``; ``None`` too where its file is damaged."""
        key = _key(what, asked)
        if key in self._memory or self.folder is None:
            return self._memory.get(key)
        return _unpacked(self._file(key))

    def put(self, what: str, asked: Mapping[str, Any], answer: Answer) -> None:
        """Keep an answer.

        Raises
        ------
        OSError
            With one sentence, when the folder cannot be written to.
        """
        key = _key(what, asked)
        body = json.dumps({"asked": what, **asked, "answer": answer}).encode()
        if self.folder is None or len(body) < SHORT:
            self._memory[key] = answer
        if self.folder is not None:
            write_whole(self._file(key), hashlib.sha256(body).hexdigest().encode() + b"\n" + body)

    def forget(self, what: str, asked: Mapping[str, Any]) -> None:
        """Let an answer go."""
        key = _key(what, asked)
        self._memory.pop(key, None)
        if self.folder is not None:
            with contextlib.suppress(FileNotFoundError):
                self._file(key).unlink()

    @property
    def salt(self) -> str:
        """Some letters drawn once for this folder, so that two folders share no collection."""
        if not self._salt:
            kept = self.get("salt", {})
            self._salt = kept["salt"] if kept else secrets.token_hex(8)
            if kept is None:
                self.put("salt", {}, {"salt": self._salt})
        return self._salt

    def _file(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / key[:2] / f"{key}.json"


def _key(what: str, asked: Mapping[str, Any]) -> str:
    text = json.dumps([what, dict(asked)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _unpacked(path: Path) -> Answer | None:
    try:
        head, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(body).hexdigest().encode() != head:
        return None
    return json.loads(body)["answer"]
