r"""Sentences in a notebook: a finding, a hint, a limit, each in its own quiet style.

In: a kind and a text.  Out: HTML that wraps at any width and follows the theme, with a twin in
plain text for terminals, exports and readers who hear the page.  In a text a new line begins a new
paragraph, a line that begins with ``- `` is an item of a list, ``[words](address)`` is a link, and
what stands between backticks is code, which is never broken.

A call-out may say in its output's metadata what it is about: which guess it asks for, which result
it shows.  Readers of a notebook see nothing of that; a program that makes a page of the executed
notebook finds there what was asked, without reading prose.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from labkit.base.words import N_, WIDTH, _, wrapped
from labkit.views.identity import tokens

KINDS: dict[str, tuple[str, str]] = {
    "finding": ("●", N_("Finding")),
    "predict": ("◇", N_("Predict")),
    "exercise": ("✎", N_("Exercise")),
    "right": ("✓", N_("Right")),
    "hint": ("→", N_("Hint")),
    "limit": ("▫", N_("What this does not show")),
    "warning": ("▲", N_("Warning")),
    "note": ("", ""),
    "caption": ("", ""),
}
"""Kind -> its sign and its label; a note is plain sentences, a caption a quiet line at a figure."""

CSS = """
.lab-callout { box-sizing: border-box; max-width: var(--lab-reading); margin: 0 0 var(--lab-gap);
  padding: var(--lab-mid) var(--lab-pad); border-left: 4px solid var(--lab-a);
  border-radius: var(--lab-round); background: var(--lab-paper); color: var(--lab-ink);
  font: var(--lab-text)/var(--lab-line) var(--lab-font); overflow-wrap: break-word;
  font-variant-numeric: tabular-nums; }
.lab-callout p, .lab-callout ul { margin: 0 0 var(--lab-tight); padding-top: 0; }
.lab-callout ul { padding-left: var(--lab-far); }
.lab-callout .lab-label { font-size: var(--lab-note); font-weight: 600; color: var(--lab-a); }
.lab-callout code { font: .92em var(--lab-mono); white-space: nowrap; background: none;
  color: inherit; padding: 0; }
.lab-callout pre { margin: var(--lab-tight) 0; overflow-x: auto; font: .92em var(--lab-mono);
  white-space: pre; background: none; color: inherit; }
.lab-callout a { color: var(--lab-a); text-decoration: underline; }
.lab-finding { background: var(--lab-finding-ground); }
.lab-finding .lab-lead { font-size: var(--lab-lead); }
.lab-predict, .lab-exercise { background: var(--lab-predict-ground);
  border-left-color: var(--lab-predict); }
.lab-predict .lab-label, .lab-exercise .lab-label { color: var(--lab-predict); }
.lab-hint { border-left-style: dashed; background: none; }
.lab-right { background: none; }
.lab-limit { background: var(--lab-limit-ground); border-left-color: var(--lab-rule);
  font-size: var(--lab-small); }
.lab-limit .lab-label { color: var(--lab-quiet); }
.lab-warning { background: var(--lab-warning-ground); border-left-color: var(--lab-b); }
.lab-warning .lab-label { color: var(--lab-b); }
.lab-note, .lab-caption { border: 0; padding: 0 5px; background: none; }
.lab-note { font-size: var(--jp-content-font-size1, var(--lab-text)); }
.lab-caption { font-size: var(--lab-note); color: var(--lab-quiet); }
"""

LONG_CODE = 36
"""Code of more characters stands in a line of its own, which scrolls and does not break."""

_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")
_LEAD = re.compile(r"(?s)(.*?[.!?])(\s+|$)(?=[A-Z\d\[`(]|$)(.*)")


@dataclass(frozen=True)
class Callout:
    """A text of a kind, as HTML and as plain text.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    text
        What it says; the marks of this module's first lines hold.
    title
        Stands where the kind's own label would.

    Raises
    ------
    ValueError
        For a kind that is not known.

    Examples
    --------
    >>> print(Callout("hint", "Use `falling[allowed]`.").plain)
    → Hint: Use falling[allowed].
    """

    kind: str
    text: str
    title: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"there is no call-out {self.kind!r}: use one of {', '.join(KINDS)}")

    @property
    def label(self) -> str:
        """Sign and label, in the reader's language; empty for a note."""
        sign, words = KINDS[self.kind]
        return " ".join(part for part in (sign, self.title or _(words)) if part)

    @property
    def plain(self) -> str:
        """The twin in plain text, in lines that no notebook has to break."""
        text = _LINK.sub(r"\1", self.text)
        held = _CODE.sub(lambda m: m[1].replace(" ", "\0"), text)
        first = f"{self.label}: " if self.label and text.strip() else self.label
        return wrapped(first + held, WIDTH).replace("\0", " ")

    @property
    def html(self) -> str:
        """The same as HTML, with its own style."""
        label = f'<div class="lab-label">{html.escape(self.label)}</div>' if self.label else ""
        return (
            f"<style>{_style()}</style>"
            f'<div class="lab-callout lab-{self.kind}">{label}{_paragraphs(self)}</div>'
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.plain}


@functools.cache
def _style() -> str:
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", tokens(), flags=re.DOTALL) + CSS)


def _paragraphs(callout: Callout) -> str:
    """Paragraphs and lists of a text; the first sentence of a finding is its lead."""
    out: list[str] = []
    for line in callout.text.splitlines():
        words = line.strip()
        if not words:
            continue
        if words.startswith("- "):
            item = f"<li>{_inline(words[2:])}</li>"
            if out and out[-1].endswith("</ul>"):
                out[-1] = out[-1][: -len("</ul>")] + item + "</ul>"
            else:
                out.append(f"<ul>{item}</ul>")
            continue
        lead = _LEAD.match(words) if callout.kind == "finding" and not out else None
        if lead:
            words = f'<span class="lab-lead">{_inline(lead[1])}</span> {_inline(lead[3])}'.strip()
            out.append(f"<p>{words}</p>")
        else:
            out.append(f"<p>{_inline(words)}</p>")
    return "".join(out).replace("<p></p>", "")


def _inline(text: str) -> str:
    """Code and links of a line; after code in a line of its own no full stop or comma is left."""
    made: list[str] = []
    for n, part in enumerate(_CODE.split(text)):
        if not n % 2 and made and made[-1].startswith("<pre>"):
            part = re.sub(r"^[.,;:](?=\s|$)\s*", "", part)
        shown = html.escape(part, quote=False)
        if n % 2:
            tag = "pre" if len(part) > LONG_CODE else "code"
            made.append(f"<{tag}>{shown}</{tag}>")
        else:
            made.append(_LINK.sub(r'<a href="\2">\1</a>', shown))
    joined = "".join(made)
    return joined.replace("<pre>", "</p><pre>").replace("</pre>", "</pre><p>")


class Marked(str):
    """A sentence that knows what it is about; printed and compared, it is its text.

    Parameters
    ----------
    text
        The sentence.
    **about
        What :func:`callout` writes into the metadata of the output; plain values, as JSON has them.

    Examples
    --------
    >>> Marked("Kept.", keeps="05-protocol"), Marked("Kept.", keeps="05-protocol").about
    ('Kept.', {'keeps': '05-protocol'})
    """

    about: dict[str, Any]

    def __new__(cls, text: str, **about: Any) -> Self:
        """The text, with what it is about."""
        made = super().__new__(cls, text)
        made.about = about
        return made


def in_notebook() -> bool:
    """Whether what is displayed reaches a notebook."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    return hasattr(get_ipython(), "kernel")


def callout(
    kind: str, *texts: object, title: str = "", about: Mapping[str, Any] | None = None
) -> None:
    """Show sentences in the style of their kind; printed where there is no notebook.

    Parameters
    ----------
    kind
        One of :data:`KINDS`: ``"finding"``, ``"predict"``, ``"exercise"``, ``"right"``, ``"hint"``,
        ``"limit"``, ``"warning"``, ``"note"`` or ``"caption"``.
    texts
        What to say, joined with spaces.
    title
        Stands where the kind's own label would.
    about
        What it asks or shows, for :func:`labelled`; what :class:`Marked` texts are about is added.

    Raises
    ------
    ValueError
        For a kind that is not known.

    Examples
    --------
    >>> callout("finding", "Both rates fell.")
    ● Finding: Both rates fell.
    """
    shown = Callout(kind, " ".join(str(t) for t in texts), title)
    if in_notebook():
        from IPython.display import display

        display(shown, **labelled({**_about(texts), **(about or {})}))
    else:
        print(shown.plain)


def labelled(about: Mapping[str, Any]) -> dict[str, Any]:
    """What IPython's ``display`` is given so that an output's metadata says what it is about.

    Parameters
    ----------
    about
        Plain values, as JSON has them; nothing where an output asks and shows nothing.

    Examples
    --------
    >>> labelled({"asks": "check", "id": "03-a"})
    {'metadata': {'labkit': {'asks': 'check', 'id': '03-a'}}}
    >>> labelled({})
    {}
    """
    return {"metadata": {"labkit": dict(about)}} if about else {}


def _about(texts: tuple[object, ...]) -> dict[str, Any]:
    """What the marked ones among some texts are about."""
    return {
        name: value
        for text in texts
        if isinstance(text, Marked)
        for name, value in text.about.items()
    }


def say(*texts: object) -> None:
    """Show sentences: a call-out without a label.

    Examples
    --------
    >>> say("Two people,", 3, "photographs.")
    Two people, 3 photographs.
    """
    callout("note", *texts)


def finding(*texts: object) -> None:
    """What was measured, in words.

    Examples
    --------
    >>> finding("Both rates fell.")
    ● Finding: Both rates fell.
    """
    callout("finding", *texts)


def limit(*texts: object) -> None:
    """What a result cannot show.

    Examples
    --------
    >>> limit("Nothing about real people.")
    ▫ What this does not show: Nothing about real people.
    """
    callout("limit", *texts)


def caption(*texts: object) -> None:
    """A quiet line below a figure or a table.

    Examples
    --------
    >>> caption("Invented people.")
    Invented people.
    """
    callout("caption", *texts)
