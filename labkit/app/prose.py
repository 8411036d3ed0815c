"""The text of a notebook, cut into blocks that can be translated one by one.

In: Markdown as it stands in a source.  Out: :class:`Block` for each heading, paragraph, item of a
list, line of a call-out and row of a table; and the same Markdown again, with other words in them.

What a translator gets is a block without its marks and without its line breaks, so that a line
that was broken elsewhere is still the same block.  Marks (``##``, ``-``, ``>``), formulas, fences
and rows of minutes are nobody's words and stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labkit.app.layout import chip_of

QUOTE = re.compile(r"(?:> ?)*")
HEADING = re.compile(r"(#{1,6} +)(.*)")
ITEM = re.compile(r"( *)((?:[-*]|\d+\.) +)(.*)")
RULE = re.compile(r"\|[-:| ]+\|")
RAW = re.compile(r"```|~~~|\$\$|<!--|\*\*Minutes:\*\*|\*\*Kind:\*\*")
"""What begins a paragraph without words for translators: they are read by the lab."""

CODE = re.compile(r"`[^`]+`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
FORMULA = re.compile(r"\$[^$\n]+\$")
WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Block:
    """A piece of Markdown.

    Parameters
    ----------
    before
        Its marks: ``"## "``, ``"> - "``.
    text
        Its words on one line; empty where there is nothing to translate.
    raw
        The whole, as it stands in the source.
    kind
        ``"heading"``, ``"text"``, ``"item"``, ``"row"`` or ``"raw"``.
    """

    before: str
    text: str
    raw: str
    kind: str


def blocks(markdown: str) -> list[Block]:
    r"""The blocks of a Markdown cell, in order; joined by line breaks their ``raw`` is the cell.

    Examples
    --------
    >>> [(b.kind, b.before, b.text) for b in blocks("## More\n\n- a long\n  item\n- `x`") if b.text]
    [('heading', '## ', 'More'), ('item', '- ', 'a long item')]
    """
    return [_block(lines, kind) for lines, kind in _cut(markdown.split("\n"))]


def _cut(lines: list[str]) -> Iterator[tuple[list[str], str]]:
    """Lines that belong together, and what they are."""
    held: list[str] = []
    kind, fence = "", ""
    for line in lines:
        quote = QUOTE.match(line)[0]  # type: ignore[index]  # it matches the empty text, too
        inner = line[len(quote) :]
        if fence:
            held.append(line)
            if inner.startswith(fence):
                yield held, "raw"
                held, fence = [], ""
            continue
        new = _kind(inner)
        goes_on = new == "text" and kind in ("text", "item", "raw") and held
        if goes_on and QUOTE.match(held[-1])[0].strip() == quote.strip():  # type: ignore[index]
            held.append(line)
            continue
        if held:
            yield held, kind
        held, kind = [line], new
        if inner.startswith(("```", "~~~")):
            fence = inner[:3]
    if held:
        yield held, kind


def _kind(inner: str) -> str:
    if not inner.strip():
        return "blank"
    if HEADING.match(inner):
        return "heading"
    if inner.startswith("|"):
        return "raw row" if RULE.fullmatch(inner.rstrip()) else "row"
    if ITEM.match(inner):
        return "item"
    return "raw" if RAW.match(inner) else "text"


def _block(lines: list[str], kind: str) -> Block:
    raw = "\n".join(lines)
    if kind in ("blank", "raw", "raw row"):
        return Block("", "", raw, "raw")
    quote = QUOTE.match(lines[0])[0]  # type: ignore[index]
    inner = [line[len(QUOTE.match(line)[0]) :] for line in lines]  # type: ignore[index]
    if kind == "heading":
        marks, first = HEADING.match(inner[0]).groups()  # type: ignore[union-attr]
    elif kind == "item":
        space, marks, first = ITEM.match(inner[0]).groups()  # type: ignore[union-attr]
        marks = space + marks
    else:
        marks, first = "", inner[0]
    text = " ".join([first.strip(), *(line.strip() for line in inner[1:])])
    return Block(quote + marks, text if has_words(text) else "", raw, kind)


def has_words(text: str) -> bool:
    """Whether a translator has something to do: words that are neither code nor an address.

    Examples
    --------
    >>> has_words("`'phone, strict'`, `'gate, loose'`"), has_words("**Next** 7")
    (False, True)
    """
    return bool(WORD.search(FORMULA.sub("", LINK.sub("]", CODE.sub("", text)))))


def put(markdown: str, said: Callable[[str], str], mark: bool = True) -> str:
    r"""A Markdown cell with other words in its blocks.

    Parameters
    ----------
    markdown
        As it stands in the source.
    said
        A block's words -> the same in another language, or unchanged where it is not translated.
    mark
        Whether an untranslated block among translated ones says that it is English, for whoever
        hears the page.

    Returns
    -------
    markdown
        The very same text where no block is translated.

    Examples
    --------
    >>> put("# One\n\nTwo\nlines.", {"One": "Uno", "Two lines.": "Dos líneas."}.get)
    '# Uno\n\nDos líneas.'
    """
    parts = blocks(markdown)
    new = {b.text: said(b.text) or b.text for b in parts if b.text}
    if all(text == translated for text, translated in new.items()):
        return markdown
    out = []
    for block in parts:
        text = new.get(block.text, "") if block.text else ""
        if not text:
            out.append(block.raw)
        elif text != block.text:
            out.append(block.before + text)
        else:
            out.append(_english(block) if mark else block.raw)
    return "\n".join(out)


def _english(block: Block) -> str:
    """A block that is left in English, marked; a row has marks in each of its cells."""
    if block.kind != "row":
        return f'{block.before}<span lang="en">{block.text}</span>'
    cells = (cell.strip() for cell in block.text.strip("|").split("|"))
    marked = " | ".join(f'<span lang="en">{cell}</span>' if cell else "" for cell in cells)
    return f"{block.before}| {marked} |"


# --- what a translation must keep ----------------------------------------------------------------


def lost(original: str, translated: str) -> list[str]:
    """What a translated block must have as the original has it, and has not.

    Links, code between backticks, tags and formulas are the same, each as often; a row has as many
    cells.  A chip of the notebook maker is called as it is in the reader's language.

    Returns
    -------
    sentences
        One for each thing; empty where all is well.

    Examples
    --------
    >>> lost("See [tone](glossary.md#tone).", "Véase [tono](glossary.md).")
    ['link glossary.md#tone is lost', 'link glossary.md is new']
    >>> lost("Run `check`.", "Ejecuta `check`.")
    []
    """
    out = []
    for name, found in _KEPT.items():
        here, there = Counter(found(original)), Counter(found(translated))
        if name == "code":
            here = Counter(chip_of(code) for code in here.elements())
        out += [f"{name} {what} is lost" for what in (here - there)]
        out += [f"{name} {what} is new" for what in (there - here)]
    if original.startswith("|") and original.count("|") != translated.count("|"):
        out.append(f"a row of {original.count('|') - 1} cells has another number of them")
    if original.count("**") != translated.count("**"):
        out.append("bold ** is not as often in it")
    return out


_KEPT: dict[str, Callable[[str], list[str]]] = {
    "link": lambda text: LINK.findall(CODE.sub("", text)),
    "code": CODE.findall,
    "tag": lambda text: TAG.findall(CODE.sub("", text)),
    "formula": lambda text: FORMULA.findall(CODE.sub("", text)),
}
