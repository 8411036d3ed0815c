"""The journal: guesses made before a result, attempts at exercises, numbers for a later notebook.

In: a name and a value.  Out: one printed sentence, and a small text file on the learner's own
computer (``.lab/journal.json`` in the project's folder, or what ``LABKIT_JOURNAL`` names).  Nothing
is sent anywhere.  The file is never half-written; notebooks that are open side by side add to it
without losing each other's entries; a damaged file is set aside under a new name, never deleted.
When it cannot be written, entries live until the kernel stops, and one sentence says so.
"""

from __future__ import annotations

import contextlib
import functools
import json
import math
import numbers
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.base.files import write_whole
from labkit.base.places import PROJECT
from labkit.base.words import say

if TYPE_CHECKING:
    import pandas as pd

VERSION = 1
PARTS = ("predictions", "attempts", "kept")
LONGEST = 300  # characters kept of an answer that is not numbers
MOST_ITEMS = 2000
DEEPEST = 6  # lists in lists
LARGE = "a very large number"
PATIENCE = 5.0  # seconds to wait for another notebook that is writing

SENTENCES = {
    "no guess": "No guess was kept for {key}: put yours in place of the three dots.",
    "guess": "Kept your guess for {key}: {guess}.",
    "guess again": "Kept your new guess for {key}: {guess}. You have already seen this result.",
    "ask range": " Did you mean a number from {low} to {high}?",
    "ask least": " Did you mean a number of at least {low}?",
    "ask most": " Did you mean a number of at most {high}?",
    "result": "{name} Measured: {result}.",
    "your guess": "Your guess for {key}: {guess}.",
    "without": "For {key} no guess was kept.",
    "kept": "Kept for a later notebook: {key}.",
    "yours": "Your own, kept in your journal on {day}.",
    "default": "Nothing of yours is kept under {key} yet: values of this notebook are used.",
    "unfit": "What the journal holds under {key} does not fit here: values of this notebook are"
    " used.",
    "damaged": "The journal {path} was damaged. It was set aside as {aside}, and a new one was"
    " started.",
    "unreadable": "The journal {path} cannot be read ({why}): what you do now is kept only until"
    " the kernel stops.",
    "unwritable": "The journal cannot be saved ({why}): what you do now is kept only until the"
    " kernel stops.",
    "empty": "Your journal is empty.",
    "exported": "Wrote {path}: {count} entries. In the list of files on the left, right-click it"
    " and choose Download.",
    "link": "Save the file on your own computer. Bring it back later with"
    " journal.restore('lab-journal.json') after dragging it into the list of files.",
    "restored": "Took {count} entries from {path} into your journal.",
    "no export": "{path} is not a journal that was saved by this lab: nothing was changed.",
    "set aside": "Your journal was set aside as {aside}; the next entry starts a new one.",
}


def place() -> Path:
    """Where the journal is: what ``LABKIT_JOURNAL`` names, else ``.lab/journal.json``."""
    named = os.environ.get("LABKIT_JOURNAL")
    if named:
        return Path(named)
    root = PROJECT
    return (root if (root / "data").is_dir() else Path.cwd()) / ".lab" / "journal.json"


# --- values as text -------------------------------------------------------------------------


def plain(value: Any, deep: int = 0) -> Any:
    """A value as JSON can hold it: numbers, texts, lists, names; anything else as short text.

    Examples
    --------
    >>> plain({"a": np.float32(0.5), "b": (1, None, float("nan"))})
    {'a': 0.5, 'b': [1, None, None]}
    """
    if value is None or isinstance(value, bool | str):
        return value if not isinstance(value, str) else value[: 10 * LONGEST]
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist(), deep)
    if isinstance(value, int):
        return value if abs(value) < 10**300 else LARGE
    if deep > DEEPEST:
        return "..."
    if isinstance(value, numbers.Real):
        return float(value) if math.isfinite(float(value)) else None
    if isinstance(value, Mapping):
        return {str(k)[:LONGEST]: plain(v, deep + 1) for k, v in list(value.items())[:MOST_ITEMS]}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v, deep + 1) for v in list(value)[:MOST_ITEMS]]
    try:
        return repr(value)[:LONGEST]
    except Exception:  # a learner's own class may have a broken repr
        return f"a {type(value).__name__}"


def spoken(value: Any) -> str:
    """A value as it is printed: numbers to four digits, long lists cut short.

    Examples
    --------
    >>> spoken(0.123456), spoken([1, 2.5]), spoken("gate"), spoken(np.int64(12000))
    ('0.1235', '1, 2.5', 'gate', '12,000')
    """
    value = plain(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) < 10**15 else LARGE
    if isinstance(value, float):
        return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(spoken(v) for v in value[:8]) + (", ..." if len(value) > 8 else "")
    if isinstance(value, dict):
        return ", ".join(f"{k}: {spoken(v)}" for k, v in list(value.items())[:8])
    return "nothing" if value is None else str(value)[:LONGEST]


# --- the file -------------------------------------------------------------------------------


@dataclass
class _Session:
    """What this kernel knows that the file may not: entries not saved, sentences already said."""

    unsaved: dict[str, Any] | None = None
    said: set[str] = field(default_factory=set)


@functools.cache
def _session(path: str) -> _Session:
    return _Session()


def _here() -> _Session:
    return _session(str(place()))


def _say_once(sentence: str) -> None:
    said = _here().said
    if sentence not in said:
        said.add(sentence)
        say(sentence)


def _new() -> dict[str, Any]:
    return {"version": VERSION, **{part: {} for part in PARTS}}


def _sound(content: Any) -> bool:
    """Whether this is a journal: every part a table of entries."""
    return (
        isinstance(content, dict)
        and content.get("version") == VERSION
        and all(isinstance(content.get(part), dict) for part in PARTS)
        and all(isinstance(e, dict) for part in PARTS for e in content[part].values())
        and all(isinstance(e.get("tries"), list) for e in content["attempts"].values())
        and all(isinstance(t, dict) for e in content["attempts"].values() for t in e["tries"])
    )


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the journal while it is read, changed and written; the system lets go of it if we die.

    A journal that stays locked is written all the same after ``PATIENCE`` seconds: an entry that
    may be lost is better than a notebook that stops.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = open(path.with_name(path.name + ".lock"), "a+b")  # noqa: SIM115
    except OSError:
        yield
        return
    with handle:
        end = time.monotonic() + PATIENCE
        held = _try_lock(handle)
        while not held and time.monotonic() < end:
            time.sleep(0.01)
            held = _try_lock(handle)
        try:
            yield
        finally:
            if held:
                _unlock(handle)


def _try_lock(handle: Any) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _unlock(handle: Any) -> None:
    with contextlib.suppress(OSError):
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_UN)


def _set_aside(path: Path) -> Path:
    """Give a file a new name that says what it was."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    aside = path.with_name(f"{path.stem}.set-aside-{stamp}{path.suffix}")
    os.replace(path, aside)
    return aside


def _read(path: Path) -> dict[str, Any]:
    """What the file holds; a new journal when there is none or it was damaged.

    Raises
    ------
    OSError
        When the file is there and cannot be read or moved.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return _new()
    if not content.strip():
        return _new()
    try:
        journal = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        journal = None
    if _sound(journal):
        return journal
    aside = _set_aside(path)
    _say_once(SENTENCES["damaged"].format(path=path, aside=aside.name))
    return _new()


def read() -> dict[str, Any]:
    """Everything in the journal, as nested names; what could not be saved included."""
    path, session = place(), _here()
    if session.unsaved is not None:
        return session.unsaved
    try:
        return _read(path)
    except OSError as error:
        session.unsaved = _new()
        _say_once(SENTENCES["unreadable"].format(path=path, why=error.strerror or error))
        return session.unsaved


def _change(edit: Callable[[dict[str, Any]], Any]) -> Any:
    """Read, change and write the journal in one piece; returns what ``edit`` returns."""
    path, session = place(), _here()
    if session.unsaved is None:
        with _locked(path):
            journal = read()
            out = edit(journal)
            if session.unsaved is None:
                try:
                    write_whole(path, (json.dumps(journal, indent=1) + "\n").encode())
                except OSError as error:
                    session.unsaved = journal
                    _say_once(SENTENCES["unwritable"].format(why=error))
        return out
    return edit(session.unsaved)


def _now() -> str:
    return datetime.now().isoformat(timespec="seconds")


# --- what notebooks call ----------------------------------------------------------------------


def _unanswered(value: Any) -> bool:
    return value is None or value is ...


def predict(key: str, guess: Any, *, low: float | None = None, high: float | None = None) -> None:
    """Keep a guess that was made before its result is shown, and print one sentence.

    Parameters
    ----------
    key
        Name of what is guessed, ``"03-fmr"``.
    guess
        A number, a text or a list of them; ``...`` keeps nothing.
    low, high
        Between which numbers a guess makes sense.  One that lies outside, or is no number, is kept
        all the same, and a question is asked.

    Examples
    --------
    >>> predict("00-game", ..., low=0, high=20)
    No guess was kept for 00-game: put yours in place of the three dots.
    """
    if _unanswered(guess):
        say(SENTENCES["no guess"].format(key=key))
        return

    def edit(journal: dict[str, Any]) -> bool:
        entry = journal["predictions"].setdefault(str(key), {})
        changed = "result" in entry and entry.get("guess") != plain(guess)
        entry.update(guess=plain(guess), day=_now())
        return changed

    seen = _change(edit)
    kept = SENTENCES["guess again" if seen else "guess"].format(key=key, guess=spoken(guess))
    say(kept + _asked(plain(guess), low, high))


def _asked(guess: Any, low: float | None, high: float | None) -> str:
    """A question about a guess that makes no sense; empty when it does or no range is named."""
    if low is None and high is None:
        return ""
    parts = guess if isinstance(guess, list) else [guess]
    least, most = -math.inf if low is None else low, math.inf if high is None else high
    if parts and all(_is_number(p) and least <= p <= most for p in parts):
        return ""
    bounds = (
        "range"
        if math.isfinite(least) and math.isfinite(most)
        else ("least" if math.isfinite(least) else "most")
    )
    return SENTENCES[f"ask {bounds}"].format(low=spoken(low), high=spoken(high))


def result(key: str, value: Any, text: str | None = None) -> None:
    """Print a result beside the guess that was kept for it, and keep the result.

    Parameters
    ----------
    key
        The name given to :func:`predict`.
    value
        The result, a number or whatever was guessed.
    text
        The result in words, printed in place of the bare value.
    """

    def edit(journal: dict[str, Any]) -> Any:
        entry = journal["predictions"].get(str(key))
        if entry is None or "guess" not in entry:
            return ...
        entry.update(result=plain(value), text=text)
        return entry["guess"]

    guess = _change(edit)
    if guess is ...:
        first = SENTENCES["without"].format(key=key)
    else:
        first = SENTENCES["your guess"].format(key=key, guess=spoken(guess))
    shown = text.rstrip(". ") if text else spoken(value)
    say(SENTENCES["result"].format(name=first, result=shown) + _apart(guess, value))


def _apart(guess: Any, value: Any) -> str:
    """How a guess compares with the result, in words; empty when they are not numbers."""
    value = plain(value)
    if not (_is_number(guess) and _is_number(value)):
        return ""
    if guess == value:
        return " You guessed it exactly."
    side = "higher" if guess > value else "lower"
    small, large = sorted((abs(guess), abs(value)))
    if guess * value > 0 and large >= 2 * small:
        return f" Your guess was {side}, by a factor of {_factor(large / small)}."
    return f" Your guess was {side} by {_gap(abs(guess - value))}."


def _factor(factor: float) -> str:
    """How many times one number is another: one decimal, and none when it is whole.

    Examples
    --------
    >>> _factor(100.0), _factor(3.96), _factor(2.5)
    ('100', '4', '2.5')
    """
    return f"{factor:,.1f}".removesuffix(".0")


def _gap(gap: float) -> str:
    """A distance between guess and result, no finer than a guess is: whole, or two digits.

    Examples
    --------
    >>> _gap(18.01), _gap(153), _gap(0.1234)
    ('18', '153', '0.12')
    """
    return spoken(round(gap)) if gap >= 10 else f"{gap:.2g}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def keep(key: str, value: Any) -> None:
    """Keep a value of the learner's for a later notebook, which reads it with :func:`recall`."""
    if _unanswered(value):
        return
    _change(lambda j: j["kept"].__setitem__(str(key), {"value": plain(value), "day": _now()}))
    say(SENTENCES["kept"].format(key=key))


@dataclass(frozen=True)
class Recalled:
    """What the journal gave back.

    Parameters
    ----------
    value
        The learner's own, or the default of the notebook that asked.
    yours
        True when it is the learner's own.
    words
        One sentence that says whose it is; print it beside every number made from ``value``.
    """

    value: Any
    yours: bool
    words: str


def recall(key: str, default: Any, *, fits: Callable[[Any], bool] | None = None) -> Recalled:
    """What was kept under a name, or the default of the notebook that asks.

    Parameters
    ----------
    key
        A name given to :func:`keep` or :func:`predict`.
    default
        Used when nothing is kept, or when what is kept is of another kind: a number for a list,
        a list of another length, names that are missing.
    fits
        A further test that the kept value must pass, for example that it lies in a range.

    Returns
    -------
    recalled
        ``.value``, ``.yours`` and ``.words``.
    """
    journal = read()
    entry = journal["kept"].get(str(key)) or journal["predictions"].get(str(key)) or {}
    value = entry.get("value", entry.get("guess"))
    if value is None:
        return Recalled(default, False, SENTENCES["default"].format(key=key))
    try:
        sound = _alike(value, plain(default)) and (fits is None or bool(fits(value)))
    except Exception:  # the test of a notebook may not be ready for what a damaged entry holds
        sound = False
    if not sound:
        return Recalled(default, False, SENTENCES["unfit"].format(key=key))
    return Recalled(value, True, SENTENCES["yours"].format(day=_day(entry.get("day"))))


def _day(stamp: Any) -> str:
    try:
        moment = datetime.fromisoformat(stamp)
    except (TypeError, ValueError):
        return "an unknown day"
    return f"{moment.day} {moment:%B %Y}"


def _alike(value: Any, default: Any) -> bool:
    """Whether two plain values are of one kind and, for lists and names, of one size."""
    if default is None:
        return True
    if _is_number(default):
        return _is_number(value)
    if isinstance(default, list):
        one = default[0] if default else None
        return (
            isinstance(value, list)
            and len(value) == len(default)
            and all(_alike(v, one) for v in value)
        )
    if isinstance(default, dict):
        return (
            isinstance(value, dict)
            and set(default) <= set(value)
            and all(_alike(value[k], default[k]) for k in default)
        )
    return type(value) is type(default)


# --- attempts at exercises -----------------------------------------------------------------------


def attempt(name: str, answer: Any, right: bool, mistake: str = "", counts: bool = True) -> int:
    """Keep an attempt at an exercise; returns how many different wrong answers there have been.

    Running a cell again with the same answer is not another attempt.  Answers that were not of the
    kind asked for (``counts`` is False) are counted apart: they use up no hint.
    """

    def edit(journal: dict[str, Any]) -> int:
        tries = journal["attempts"].setdefault(name, {"tries": []})["tries"]
        shown = plain(answer)
        if not any(t.get("answer") == shown and t.get("right") == right for t in tries):
            new = {"answer": shown, "right": right, "mistake": mistake, "counts": counts}
            tries.append({**new, "day": _now()})
        return sum(not t.get("right") and t.get("counts", True) == counts for t in tries)

    return _change(edit)


# --- looking at it and taking it along ------------------------------------------------------------


def show() -> pd.DataFrame:
    """The journal as a table: what, your entry, the result, the day."""
    import pandas as pd

    journal, rows = read(), []
    for key, e in journal["predictions"].items():
        rows.append(("guess", key, spoken(e.get("guess")), spoken(e.get("result", "")), e))
    for key, e in journal["attempts"].items():
        for t in e["tries"]:
            verdict = "right" if t.get("right") else "not right"
            rows.append(("exercise", key, spoken(t.get("answer")), verdict, t))
    for key, e in journal["kept"].items():
        rows.append(("kept", key, spoken(e.get("value")), "", e))
    if not rows:
        say(SENTENCES["empty"])
    table = [(*row[:4], _day(row[4].get("day"))) for row in sorted(rows, key=lambda r: r[1])]
    frame = pd.DataFrame(table, columns=["what", "name", "yours", "result", "day"])
    return frame.set_index("what")


def _count(journal: dict[str, Any]) -> int:
    return sum(len(journal[part]) for part in PARTS)


def export(path: str | Path | None = None) -> None:
    """Take the journal along, for example before a Binder session ends and its files vanish.

    Parameters
    ----------
    path
        A file to write, which can then be downloaded from the list of files.  Without it a link
        is shown that saves ``lab-journal.json`` through the browser.

    Raises
    ------
    OSError
        With one sentence, when ``path`` cannot be written.
    """
    journal = read()
    content = (json.dumps(journal, indent=1) + "\n").encode()
    if path is not None:
        write_whole(Path(path), content)
        say(SENTENCES["exported"].format(path=path, count=_count(journal)))
        return
    import base64

    from IPython.display import HTML, display

    data = base64.b64encode(content).decode()
    display(
        HTML(
            f'<p><a download="lab-journal.json" href="data:application/json;base64,{data}">'
            f"Download your journal ({_count(journal)} entries)</a></p>"
        )
    )
    say(SENTENCES["link"])


def restore(path: str | Path) -> None:
    """Take the entries of a saved journal into this one; entries that are here already stay.

    Attempts of both are kept; of two guesses under one name the one in this journal stays.
    """
    try:
        other = json.loads(Path(path).read_bytes().decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        other = None
    if not _sound(other):
        say(SENTENCES["no export"].format(path=path))
        return

    def edit(journal: dict[str, Any]) -> None:
        for part in ("predictions", "kept"):
            journal[part] = {**other[part], **journal[part]}
        for name, entry in other["attempts"].items():
            tries = journal["attempts"].setdefault(name, {"tries": []})["tries"]
            tries.extend(t for t in entry["tries"] if t not in tries)

    _change(edit)
    say(SENTENCES["restored"].format(count=_count(other), path=path))


def start_again() -> None:
    """Set the journal aside, for the next person at this computer; nothing is deleted."""
    path, session = place(), _here()
    session.unsaved = None
    if not path.exists():
        say(SENTENCES["empty"])
        return
    try:
        with _locked(path):
            aside = _set_aside(path)
    except OSError as error:
        say(SENTENCES["unreadable"].format(path=path, why=error.strerror or error))
        return
    say(SENTENCES["set aside"].format(aside=aside.name))
