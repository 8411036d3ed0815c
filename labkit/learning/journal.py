"""The journal: guesses made before a result, attempts at exercises, numbers for a later notebook.

In: a name and a value.  Out: one printed sentence, and a small text file on the learner's own
computer (``.lab/journal.json`` in the project's folder, or what ``LABKIT_JOURNAL`` names).  Nothing
is sent anywhere.  When the file cannot be written, entries live until the kernel stops, and one
sentence says so; :mod:`labkit.learning.store` looks after it.
"""

from __future__ import annotations

import functools
import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.base.dates import in_words
from labkit.base.files import write_whole
from labkit.base.places import PROJECT
from labkit.base.words import N_, _
from labkit.learning import guesses
from labkit.learning.store import (
    LARGE,
    LONGEST,
    Entries,
    Store,
    count,
    newer,
    parsed,
    plain,
    take_in,
    written,
)
from labkit.views.callouts import Marked, callout, say
from labkit.views.download import link, offer

if TYPE_CHECKING:
    import pandas as pd

SENTENCES = {
    "no guess": N_("No guess was kept for {key}: put yours in place of the three dots."),
    "opened": N_("Your guess, opened"),
    "guess": N_("Kept your guess for {key}: {guess}."),
    "guess again": N_("Kept your new guess for {key}: {guess}. You have already seen this result."),
    "your guess": N_("Your guess for {key}: {guess}."),
    "without": N_("For {key} no guess was kept."),
    "result": N_("Measured: {result}."),
    "exactly": N_("You guessed it exactly."),
    "higher times": N_("Your guess was higher, by a factor of {factor}."),
    "lower times": N_("Your guess was lower, by a factor of {factor}."),
    "higher": N_("Your guess was higher by {gap}."),
    "lower": N_("Your guess was lower by {gap}."),
    "kept": N_("Kept for a later notebook: {key}."),
    "yours": N_("Your own, kept in your journal on {day}."),
    "no day": N_("an unknown day"),
    "default": N_("Nothing of yours is kept under {key} yet: values of this notebook are used."),
    "unfit": N_(
        "What the journal holds under {key} does not fit here: values of this notebook are used."
    ),
    "damaged": N_(
        "The journal {path} was damaged. It was set aside as {aside}, and a new one was started."
    ),
    "newer": N_(
        "The journal {path} was written by a newer version of the lab. It is left as it is, and"
        " what you do now is kept only until the kernel stops: update the lab with python3 lab.py"
        " update."
    ),
    "busy": N_(
        "Another program has held the journal {path} for some seconds. Entries are written without"
        " waiting for it: close notebooks that you do not need, and look at journal.show() whether"
        " everything is there."
    ),
    "unreadable": N_(
        "The journal {path} cannot be read ({why}): what you do now is kept only until the kernel"
        " stops."
    ),
    "unwritable": N_(
        "The journal cannot be saved ({why}): what you do now is kept only until the kernel stops."
    ),
    "empty": N_("Your journal is empty."),
    "exported": N_(
        "Wrote {path}: {count} entries. In the list of files on the left, right-click it and choose"
        " Download."
    ),
    "download": N_("Download your journal (entries: {count})"),
    "link": N_(
        "Save the file on your own computer. Bring it back later with"
        " journal.restore('{file}') after dragging it into the list of files."
    ),
    "restored": N_("Took {count} of the {all} entries of {path} into your journal: {kinds}."),
    "restored none": N_("Took none of the {all} entries of {path}."),
    "guesses": N_("guesses: {count}"),
    "exercises": N_("exercises: {count}"),
    "values": N_("values for a later notebook: {count}"),
    "stayed": N_("Yours differ and stay as they are: {names}."),
    "same": N_("Already in your journal, just the same: {count}."),
    "newer export": N_(
        "{path} was saved by a newer version of the lab: nothing was changed. Update the lab with"
        " python3 lab.py update, then restore it."
    ),
    "no export": N_("{path} is not a journal that was saved by this lab: nothing was changed."),
    "set aside": N_("Your journal was set aside as {aside}; the next entry starts a new one."),
}
KINDS = {"predictions": "guesses", "attempts": "exercises", "kept": "values"}
"""Part of a journal -> how :data:`SENTENCES` call what it holds."""
HEADINGS = (N_("what"), N_("name"), N_("yours"), N_("result"), N_("day"))


def place() -> Path:
    """Where the journal is: what ``LABKIT_JOURNAL`` names, else ``.lab/journal.json``.

    ``~`` is the home folder, so that a hub can name one place for everybody.
    """
    named = os.environ.get("LABKIT_JOURNAL")
    if named:
        return Path(named).expanduser()
    root = PROJECT
    return (root if (root / "data").is_dir() else Path.cwd()) / ".lab" / "journal.json"


@functools.cache
def _store(path: Path) -> Store:
    return Store(path, _tell)


def _here() -> Store:
    return _store(place())


def _tell(trouble: str, **facts: Any) -> None:
    say(_(SENTENCES[trouble]).format(**facts))


def read() -> Entries:
    """Everything in the journal, as nested names; what could not be saved included."""
    return _here().read()


# --- values as text -------------------------------------------------------------------------------


def spoken(value: Any) -> str:
    """A value as it is printed: numbers to four digits, long lists cut short.

    Examples
    --------
    >>> import numpy as np
    >>> spoken(0.123456), spoken([1, 2.5]), spoken("gate"), spoken(np.int64(12000))
    ('0.1235', '1, 2.5', 'gate', '12,000')
    """
    value = plain(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return f"{value:,}" if abs(value) < 10**15 else _(LARGE)
    if isinstance(value, float):
        return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(spoken(v) for v in value[:8]) + (", ..." if len(value) > 8 else "")
    if isinstance(value, dict):
        return ", ".join(f"{k}: {spoken(v)}" for k, v in list(value.items())[:8])
    return _("nothing") if value is None else str(value)[:LONGEST]


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


def _day(stamp: Any) -> str:
    try:
        return in_words(datetime.fromisoformat(stamp).date().isoformat())
    except (TypeError, ValueError):
        return _(SENTENCES["no day"])


def _now() -> str:
    return datetime.now().isoformat(timespec="seconds")


def _is_number(value: Any) -> bool:
    """Whether a value is one, and one that can be used: not NaN, and no True or False."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


# --- guesses and results ----------------------------------------------------------------------


def _unanswered(value: Any) -> bool:
    return value is None or value is ...


def predict(
    key: str,
    guess: Any,
    *,
    low: float | None = None,
    high: float | None = None,
    whole: bool = False,
) -> None:
    """Keep a guess that was made before its result is shown, and print one sentence.

    Parameters
    ----------
    key
        Name of what is guessed, ``"03-fmr"``.
    guess
        A number, a text or a list of them; ``...`` keeps nothing.
    low, high
        Between which numbers a guess makes sense.  One that lies outside is kept all the same,
        and a question is asked; what is no number is not kept, unless it holds one.
    whole
        Whether only a whole number makes sense, such as a count; asked about in the same way.

    Examples
    --------
    >>> predict("00-game", ..., low=0, high=20)
    ◇ Predict: No guess was kept for 00-game: put yours in place of the three dots.
    """
    about = {"asks": "predict", "key": str(key), "low": plain(low), "high": plain(high)}
    about["whole"] = bool(whole)
    guess, remarks = guesses.read(guess, low, high, whole)
    if _unanswered(guess):
        callout("predict", *remarks, _(SENTENCES["no guess"]).format(key=key), about=about)
        return

    def edit(entries: Entries) -> bool:
        entry = entries["predictions"].setdefault(str(key), {})
        changed = "result" in entry and entry.get("guess") != plain(guess)
        entry.update(guess=plain(guess), day=_now())
        return changed

    seen = _here().change(edit)
    kept = _(SENTENCES["guess again" if seen else "guess"]).format(key=key, guess=spoken(guess))
    callout("predict", kept, *remarks, about=about)


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

    def edit(entries: Entries) -> Any:
        entry = entries["predictions"].get(str(key))
        if entry is None or "guess" not in entry:
            return ...
        entry.update(result=plain(value), text=text)
        return entry["guess"]

    guess = _here().change(edit)
    if guess is ...:
        first = _(SENTENCES["without"]).format(key=key)
    else:
        first = _(SENTENCES["your guess"]).format(key=key, guess=spoken(guess))
    shown = text.rstrip(". ") if text else spoken(value)
    apart = _apart(guess, plain(value))
    told = _(SENTENCES["result"]).format(result=shown)
    about = {"shows": "result", "key": str(key), "value": plain(value), "text": text}
    callout("predict", first, told, *apart, title=_(SENTENCES["opened"]), about=about)


def _apart(guess: Any, value: Any) -> list[str]:
    """How a guess compares with the result, in words; nothing when they are not numbers."""
    if not (_is_number(guess) and _is_number(value)):
        return []
    if guess == value:
        return [_(SENTENCES["exactly"])]
    side = "higher" if guess > value else "lower"
    small, large = sorted((abs(guess), abs(value)))
    if guess * value > 0 and large >= 2 * small:
        return [_(SENTENCES[f"{side} times"]).format(factor=_factor(large / small))]
    return [_(SENTENCES[side]).format(gap=_gap(abs(guess - value)))]


# --- for a later notebook -------------------------------------------------------------------------


def keep(key: str, value: Any, *, quietly: bool = False) -> None:
    """Keep a value of the learner's for a later notebook, which reads it with :func:`recall`.

    Parameters
    ----------
    key
        Its name.
    value
        What to keep; ``...`` keeps nothing.
    quietly
        Whether nothing is said, because whoever calls says it in other words.
    """
    if _unanswered(value):
        return
    entry = {"value": plain(value), "day": _now()}
    _here().change(lambda entries: entries["kept"].update({str(key): entry}))
    if not quietly:
        say(Marked(_(SENTENCES["kept"]).format(key=key), keeps=str(key)))


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
    entries = read()
    entry = entries["kept"].get(str(key)) or entries["predictions"].get(str(key)) or {}
    value = entry.get("value", entry.get("guess"))

    def told(sentence: str, **facts: str) -> str:
        return Marked(_(SENTENCES[sentence]).format(**facts), recalls=str(key))

    if value is None:
        return Recalled(default, False, told("default", key=key))
    try:
        sound = _alike(value, plain(default)) and (fits is None or bool(fits(value)))
    except Exception:  # the test of a notebook may not be ready for what a damaged entry holds
        sound = False
    if not sound:
        return Recalled(default, False, told("unfit", key=key))
    return Recalled(value, True, told("yours", day=_day(entry.get("day"))))


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

    def edit(entries: Entries) -> int:
        tries = entries["attempts"].setdefault(name, {"tries": []})["tries"]
        shown = plain(answer)
        if not any(t.get("answer") == shown and t.get("right") == right for t in tries):
            new = {"answer": shown, "right": right, "mistake": mistake, "counts": counts}
            tries.append({**new, "day": _now()})
        return sum(not t.get("right") and t.get("counts", True) == counts for t in tries)

    return _here().change(edit)


# --- looking at it and taking it along ------------------------------------------------------------


def show() -> pd.DataFrame:
    """The journal as a table: what, your entry, the result, the day."""
    import pandas as pd

    entries, rows = read(), []
    for key, e in entries["predictions"].items():
        rows.append((_("guess"), key, spoken(e.get("guess")), spoken(e.get("result", "")), e))
    for key, e in entries["attempts"].items():
        for t in e["tries"]:
            verdict = _("right") if t.get("right") else _("not right")
            rows.append((_("exercise"), key, spoken(t.get("answer")), verdict, t))
    for key, e in entries["kept"].items():
        rows.append((_("kept"), key, spoken(e.get("value")), "", e))
    if not rows:
        say(_(SENTENCES["empty"]))
    table = [(*row[:4], _day(row[4].get("day"))) for row in sorted(rows, key=lambda r: r[1])]
    return pd.DataFrame(table, columns=[_(h) for h in HEADINGS]).set_index(_(HEADINGS[0]))


def export(path: str | Path | None = None, *, name: str = "") -> None:
    """Take the journal along, for example before a Binder session ends and its files vanish.

    Parameters
    ----------
    path
        A file to write, which can then be downloaded from the list of files.  Without it a link
        is shown that saves ``lab-journal.json`` through the browser.
    name
        A name or a code to hand it in under: it becomes part of the file's name and stands nowhere
        inside, ``lab-journal-owl-7.json``.

    Raises
    ------
    OSError
        With one sentence, when ``path`` cannot be written.
    """
    entries = read()
    if path is not None:
        write_whole(Path(path), written(entries))
        say(_(SENTENCES["exported"]).format(path=path, count=count(entries)))
        return
    code = "-".join(re.findall(r"\w+", name))[:60]
    file = f"lab-journal-{code}.json" if code else "lab-journal.json"
    words = _(SENTENCES["download"]).format(count=count(entries))
    about = {"shows": "journal"}
    offer(link(file, written(entries), words), about=about)
    say(Marked(_(SENTENCES["link"]).format(file=file), **about))


def restore(path: str | Path) -> None:
    """Take the entries of a saved journal into this one; entries that are here already stay.

    Attempts of both are kept; of two guesses under one name the one in this journal stays.  What
    was taken, and which entries stayed because they differ, is said.

    Parameters
    ----------
    path
        A file that :func:`export` wrote or a browser saved.
    """
    try:
        content = Path(path).read_bytes()
    except OSError:
        content = b""
    other = parsed(content)
    if other is None:
        say(_(SENTENCES["newer export" if newer(content) else "no export"]).format(path=path))
        return
    done, every = _here().change(lambda entries: take_in(entries, other)), count(other)
    taken = {part: len(names) for part, names in done.taken.items() if names}
    said = [
        _(SENTENCES["restored" if taken else "restored none"]).format(
            count=sum(taken.values()),
            all=every,
            path=path,
            kinds=", ".join(_(SENTENCES[KINDS[part]]).format(count=n) for part, n in taken.items()),
        )
    ]
    if done.stayed:
        said.append(_(SENTENCES["stayed"]).format(names=_some(done.stayed)))
    if done.same:
        said.append(_(SENTENCES["same"]).format(count=done.same))
    say(" ".join(said))


def _some(names: list[str], most: int = 8) -> str:
    """The first names, and three dots where there are more."""
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def start_again() -> None:
    """Set the journal aside, for the next person at this computer; nothing is deleted."""
    store = _here()
    try:
        aside = store.set_aside()
    except OSError as error:
        say(_(SENTENCES["unreadable"]).format(path=store.path, why=error.strerror or error))
        return
    say(_(SENTENCES["set aside"]).format(aside=aside.name) if aside else _(SENTENCES["empty"]))
