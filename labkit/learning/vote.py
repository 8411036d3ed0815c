"""A vote before and after: which option the learner chose, and whether it stayed the same.

In: a short word of :data:`labkit.published.options.OPTIONS`, or none.  Out: one sentence, and an
entry of the journal under :data:`KEY`, ``{"before": option, "after": option}``.  Nothing is said
for or against an option, or for changing one's mind.
"""

from __future__ import annotations

import difflib
from typing import Any

from labkit.base.words import N_, _
from labkit.learning import journal
from labkit.learning.answers import is_open
from labkit.published.options import OPTIONS, known
from labkit.views.callouts import callout

KEY = "12-vote"
"""The name of the entry in the journal."""

TIMES = ("before", "after")
"""When a vote is given."""

SENTENCES = {
    "open": N_("No vote was given, and none is kept. That is a choice, too: go on."),
    "several": N_("A vote is one word out of: {all}."),
    "unknown": N_("There is no option {given!r}, so nothing was kept. The options are: {all}."),
    "meant": N_("There is no option {given!r}, so nothing was kept. Did you mean {near!r}?"),
    "before": N_("Your vote before: {name} ({word})."),
    "stays": N_(
        "You have voted afterwards already, so your vote before stays as it was: {name} ({word})."
    ),
    "after alone": N_("Your vote afterwards: {name} ({word}). You gave none before."),
    "same": N_("Your vote afterwards: {name} ({word}), as before."),
    "changed": N_("Your vote before: {old} ({old_word}). Your vote afterwards: {name} ({word})."),
}


def votes() -> dict[str, str]:
    """What was voted: ``"before"``, ``"after"``, both or nothing; what is no option is left out."""
    entry = journal.read()["kept"].get(KEY) or {}
    kept = entry.get("value")
    if not isinstance(kept, dict):
        return {}
    return {when: kept[when] for when in TIMES if kept.get(when) in list(OPTIONS)}


def cast(when: str, choice: Any) -> None:
    """Keep a vote, and say what was kept.

    A vote before can be changed until there is one afterwards.

    Parameters
    ----------
    when
        ``"before"`` or ``"after"``.
    choice
        The short word of an option; ``...`` keeps nothing.

    Raises
    ------
    ValueError
        For another time than these two.

    Examples
    --------
    >>> cast("before", ...)
    ◇ Your vote: No vote was given, and none is kept. That is a choice, too: go on.
    """
    if when not in TIMES:
        raise ValueError(_("a vote is given 'before' or 'after', not {when!r}").format(when=when))
    about = {"asks": "vote", "when": when}
    callout("predict", _cast(when, choice), title=_("Your vote"), about=about)


def _cast(when: str, choice: Any) -> str:
    given = votes()
    every = ", ".join(map(repr, OPTIONS))
    if choice is None or is_open(choice):
        return _(SENTENCES["open"])
    if isinstance(choice, list | tuple | set) and len(choice) == 1:
        (choice,) = choice
    if not isinstance(choice, str):
        return _(SENTENCES["several"]).format(all=every)
    names = {_(option.name).casefold(): word for word, option in OPTIONS.items()}
    try:
        word = known(names.get(choice.strip().casefold(), choice))
    except ValueError:
        found = next(iter(difflib.get_close_matches(choice.strip().casefold(), OPTIONS, 1)), "")
        return _(SENTENCES["meant" if found else "unknown"]).format(
            given=choice[:60], near=found, all=every
        )
    if when == "before" and "after" in given and given.get("before") not in (None, word):
        old = given["before"]
        return _(SENTENCES["stays"]).format(name=_(OPTIONS[old].name), word=old)
    journal.keep(KEY, {**given, when: word}, quietly=True)
    facts = {"name": _(OPTIONS[word].name), "word": word}
    if when == "before":
        return _(SENTENCES["before"]).format(**facts)
    earlier = given.get("before")
    if earlier is None:
        return _(SENTENCES["after alone"]).format(**facts)
    if earlier == word:
        return _(SENTENCES["same"]).format(**facts)
    return _(SENTENCES["changed"]).format(old=_(OPTIONS[earlier].name), old_word=earlier, **facts)
