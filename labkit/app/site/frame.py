"""The frame of every page of the site: what is the same on all, and where links lead.

In: a template that extends ``shell.html.j2``, the page's address, what it shows.  Out: the text of
one HTML file that takes its look from ``assets/site.css`` and its life from ``assets/site.js``,
both by relative address, so that it opens from a memory stick as from a server.

A part of the site is a module with ``products(site)``, which gives its pages; the command
(:mod:`labkit.app.site`) asks each in turn.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.base.files import sha256
from labkit.base.words import N_, _
from labkit.views import page as pages

HERE = Path(__file__).resolve().parent
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
FIRST = "index.html"
PICTURES = "assets/pictures"
"""Where pictures of pages lie, each once, however many pages show it."""

NAME = N_("A face-surveillance lab")
SECTIONS = (
    ("learn/index.html", N_("Learn")),
    ("explore/index.html", N_("Explore")),
    ("match/index.html", N_("Match two faces")),
    ("audit/index.html", N_("Audit")),
    ("record/index.html", N_("Record")),
    ("words/index.html", N_("Words")),
    ("data/index.html", N_("Data")),
    ("journal/index.html", N_("Your journal")),
    ("teach/index.html", N_("Teach")),
)
"""The ways from every page: address and name."""


@dataclass(frozen=True)
class Site:
    """What a part of the site is made with.

    Parameters
    ----------
    project
        The lab's folder.
    language
        Of the pages, such as ``"en"``.
    code
        Checksum of all code, words and data: what every page rests on.
    say
        Is told what a reader of the command should know.
    """

    project: Path
    language: str
    code: bytes
    say: Callable[[str], object] = print

    def render(
        self,
        template: str | Path,
        *,
        title: str,
        at: str,
        words: Mapping[str, Any] | None = None,
        linked: Callable[[str], str] | None = None,
        **shown: Any,
    ) -> str:
        """A page from a template that extends ``shell.html.j2``.

        Parameters
        ----------
        template
            The file; templates beside it, of this folder and of :mod:`labkit.views.page` can be
            included by their names.
        title
            The page's heading.
        at
            Its address in the site, such as ``"learn/03_tune_the_threshold.html"``.  In templates
            ``to("record/index.html")`` is the way to another page from there.
        words
            Sentences that the page's scripts say, by key, in the site's language; scripts find
            them as JSON in the element ``words``.
        linked
            The filter ``linked`` of ``parts.html.j2``; without it text is only escaped.
        **shown
            What else the template shows.  Text is escaped, whatever it holds.

        Raises
        ------
        jinja2.UndefinedError
            When the template shows something that was not given.

        Examples
        --------
        >>> site = Site(HERE, "en", b"")
        >>> page = site.render(HERE / "shell.html.j2", title="Fish & chips", at="record/a.html")
        >>> '<h1>Fish &amp; chips</h1>' in page, 'href="../assets/site.css"' in page
        (True, True)
        """
        template = Path(template)
        made = pages.templates([template.parent, HERE], linked)
        made.globals.update(
            _=_,
            at=at,
            language=self.language,
            shell={  # one name, so that no page shows something of the same name instead
                "first": FIRST,
                "name": _(NAME),
                "sections": [(one, _(name), _within(at, one)) for one, name in SECTIONS],
            },
            to=lambda target: way(at, target),
            words=words or {},
        )
        return made.get_template(template.name).render(title=title, **shown)


def _within(at: str, address: str) -> bool:
    return posixpath.dirname(at) == posixpath.dirname(address)


def way(at: str, target: str) -> str:
    """A page's address as seen from another one; both as seen from the site's folder.

    Examples
    --------
    >>> way("learn/03_a.html", "words/index.html#FMR"), way("index.html", "learn/03_a.html")
    ('../words/index.html#FMR', 'learn/03_a.html')
    >>> way("learn/03_a.html", "learn/04_b.html"), way("learn/03_a.html", "#top")
    ('04_b.html', '#top')
    """
    path, mark, anchor = target.partition("#")
    if not path:
        return target
    return posixpath.relpath(path, posixpath.dirname(at) or ".") + mark + anchor


def picture_file(content: bytes, kind: str) -> str:
    """The address of a picture in the site: one name for the same picture, wherever it is shown.

    Examples
    --------
    >>> picture_file(b"", "png")
    'assets/pictures/e3b0c44298fc1c14.png'
    """
    return f"{PICTURES}/{sha256(content)[:16]}.{kind}"


def callout(kind: str, text: str, title: str = "") -> str:
    """A call-out as HTML, without its style, which every page of the site has.

    Examples
    --------
    >>> callout("note", "Five & six.")
    '<div class="lab-callout lab-note"><p>Five &amp; six.</p></div>'
    """
    from labkit.views.callouts import Callout

    return STYLE.sub("", Callout(kind, text, title).html, count=1)
