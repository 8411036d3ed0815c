"""The decision memo: the learner's own sentences, with numbers, intervals and what nobody measured.

In: what the learner wrote, and the numbers of :mod:`labkit.learning.own`.  Out: one page of HTML
that prints on paper and needs nothing else, and the same as plain text.  Every sentence under a
heading is the writer's; a heading under which nothing was written has lines to write on.  The lab
adds numbers, whose they are, and what was not measured, and says that it did.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from labkit.base.dates import in_words
from labkit.base.files import write_whole
from labkit.base.words import N_, _
from labkit.learning import vote
from labkit.learning.own import HEADS, OwnNumbers
from labkit.published.options import OPTIONS, known
from labkit.views.callouts import Marked, say
from labkit.views.download import link, offer

NAME = "decision-memo"
"""What the files are called, without ending."""
WIDTH = 76
"""Letters in a line of the plain text."""
TEMPLATE = Path(__file__).with_name("memo.html.j2")

PARTS = {
    "because": N_("Why"),
    "against": N_("The strongest reason against it"),
    "reply": N_("What I answer"),
    "bears": N_("Who bears wrong names and people not found, and what the town owes them"),
    "change": N_("What would change my mind"),
}
"""Field of :class:`Memo` -> its heading, in the order of the page."""

NOT_MEASURED = (
    N_(
        "Any product that is sold, and any real person. The matchers are free ones (dlib of 2017"
        " above all) and the people are drawn. With matchers that are sold today errors are others,"
        " mostly far fewer, and at some settings very unequal."
    ),
    N_(
        "Differences between skin tones that come from face shape or ancestry: tone was drawn"
        " independently of shape."
    ),
    N_("Galleries of more than 25,000 people, and cameras that are in use."),
    N_("How many crimes are cleared up, and missing people found, only because of it."),
    N_("What an alert does to the person it is about, and what being watched does to all others."),
    N_("Whether those who use it keep to their rules."),
)
"""What no number of the lab says."""


@dataclass(frozen=True)
class Memo:
    """A decision memo; what is left empty is left open on the page.

    Parameters
    ----------
    option
        The short word of an option.
    because, against, reply, bears, change
        The writer's sentences, under the headings of :data:`PARTS`.
    signed
        Who wrote it, or a code; may stay empty.

    Examples
    --------
    >>> Memo(option="audit", because="Errors first.").missing
    ('against', 'reply', 'bears', 'change')
    """

    option: str = ""
    because: str = ""
    against: str = ""
    reply: str = ""
    bears: str = ""
    change: str = ""
    signed: str = ""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            text = "" if value is None or value is ... else str(value).strip()
            object.__setattr__(self, name, text)

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts under which nothing was written."""
        return tuple(name for name in PARTS if not getattr(self, name))

    @property
    def written(self) -> str:
        """The writer's sentences below their headings, without numbers and limits."""
        parts = [(_("What I decide"), self.decision)]
        parts += [(_(head), getattr(self, name)) for name, head in PARTS.items()]
        return "\n".join(f"- {head}: {text}" for head, text in parts if text)

    @property
    def decision(self) -> str:
        """What was decided, in words: an option and what would hold, or the writer's own words."""
        try:
            option = OPTIONS[known(self.option)]
        except ValueError:
            return self.option
        return f"{_(option.name)}. {_(option.means)}"

    @property
    def limits(self) -> list[str]:
        """What was not measured, the option's own question last."""
        limits = [_(sentence) for sentence in NOT_MEASURED]
        try:
            return [*limits, _(OPTIONS[known(self.option)].no_number)]
        except ValueError:
            return limits

    def _numbers(self, own: OwnNumbers) -> tuple[list[list[str]], list[list[str]]]:
        """Numbers that bear on the option, and the others; all are others where there is none."""
        try:
            first = OPTIONS[known(self.option)].numbers
        except ValueError:
            return [], own.rows()
        return own.rows(first), own.rows(name for name in own.table if name not in first)

    def page(self, own: OwnNumbers, day: str = "") -> str:
        """The memo as the text of one HTML file.

        Parameters
        ----------
        own
            The learner's numbers.
        day
            The day it was written, as ``2026-11-29``; today when empty.
        """
        from labkit.views.page import render

        bearing, others = self._numbers(own)
        return render(
            TEMPLATE,
            title=_("Decision memo"),
            memo=self,
            day=_day(day),
            parts=[(_(head), _paragraphs(getattr(self, name))) for name, head in PARTS.items()],
            choices=[(word, _(option.name)) for word, option in OPTIONS.items()],
            votes=voted(),
            told=own.told(),
            heads=[_(head) for head in HEADS],
            bearing=bearing,
            others=others,
            limits=self.limits,
            subject=_(SUBJECT),
            made=_(MADE),
        )

    def text(self, own: OwnNumbers, day: str = "") -> str:
        """The memo as plain text, in lines of :data:`WIDTH` letters.

        Parameters
        ----------
        own, day
            As for :meth:`page`.
        """
        return "\n".join(_wrapped(self._lines(own, day))) + "\n"

    def _lines(self, own: OwnNumbers, day: str) -> Iterator[str]:
        yield from (_("Decision memo").upper(), "")
        yield _(SUBJECT)
        yield _("Written by {who}, {day}").format(who=self.signed or OPEN, day=_day(day))
        yield from ("", _("What I decide"), self.decision or OPEN)
        yield from voted()
        for name, head in PARTS.items():
            yield from ("", _(head))
            yield from _paragraphs(getattr(self, name)) or [OPEN]
        bearing, others = self._numbers(own)
        if bearing:
            yield from ("", _("Numbers that bear on it"), own.told(), *map(_line, bearing))
        yield from ("", _("What was not measured"))
        yield from (f"- {sentence}" for sentence in self.limits)
        yield from ("", _("Other numbers") if bearing else _("Numbers"))
        yield from (*([] if bearing else [own.told()]), *map(_line, others))
        yield from ("", _(MADE))

    def export(self, own: OwnNumbers) -> None:
        """Say what is still open, and show two links that save the memo through the browser.

        Parameters
        ----------
        own
            The learner's numbers.
        """
        about = {"shows": "memo"}
        say(Marked(self.told(), **about))
        page, text = self.page(own).encode(), self.text(own).encode()
        offer(
            link(f"{NAME}.html", page, _("Save the memo as a page (open it, and print it)")),
            link(f"{NAME}.txt", text, _("Save the memo as plain text")),
            about=about,
        )

    def write(self, own: OwnNumbers, folder: str | Path) -> list[Path]:
        """Write both files into a folder.

        Parameters
        ----------
        own
            The learner's numbers.
        folder
            Where to; it is made where it is missing.

        Returns
        -------
        paths
            The page and the text.

        Raises
        ------
        OSError
            When a file cannot be written.
        """
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        files = {place / f"{NAME}.html": self.page(own), place / f"{NAME}.txt": self.text(own)}
        for path, content in files.items():
            write_whole(path, content.encode())
        return list(files)

    def told(self) -> str:
        """What is still open, in a sentence."""
        left = [_(PARTS[name]) for name in self.missing]
        if not self.option:
            left.insert(0, _("What I decide"))
        if not left:
            return _("Every part of your memo is filled in.")
        return _(
            "Still open, with lines to write on: {parts}. You can print it so, and go on by hand."
        ).format(parts="; ".join(left))


SUBJECT = N_("On face recognition by the police of Anytown, a town of invented people")
MADE = N_(
    "The sentences under the headings are the writer's own. The headings, the numbers and the list"
    " of what was not measured were put there by labkit. No number is about a real person."
)
OPEN = "_" * 24


def _line(row: list[str]) -> str:
    """A number in a line of plain text."""
    counts, number, guess, whose, notebook = row
    line = _("- {number}: {counts}; {whose}; notebook {notebook}").format(
        number=number, counts=counts, whose=whose, notebook=notebook
    )
    return f"{line}; {_('my guess: {guess}').format(guess=guess)}" if guess else line


def voted() -> list[str]:
    """The votes before and after, a line each."""
    words = {"before": N_("My vote before: {name}"), "after": N_("My vote afterwards: {name}")}
    return [
        _(words[when]).format(name=_(OPTIONS[word].name)) for when, word in vote.votes().items()
    ]


def _day(day: str) -> str:
    return in_words(day or date.today().isoformat())


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _wrapped(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        hang = "  " if line.startswith("- ") else ""
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=hang) or [""]
