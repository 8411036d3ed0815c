"""Call-outs: what stands around code that has a line of its own."""

from __future__ import annotations

import re

import pytest

from labkit.views.callouts import LONG_CODE, Callout

LONG = "answer = both['false matches'] / both['comparisons']"


def parts(text):
    """What stands in the paragraphs of a hint, code in a line of its own among them."""
    return re.findall(r"<(p|pre)>(.*?)</\1>", Callout("hint", text).html)


@pytest.mark.parametrize(
    ("after", "left"),
    [
        (".", []),
        (". Then run it.", [("p", "Then run it.")]),
        (", then run it.", [("p", "then run it.")]),
        (" is the way.", [("p", " is the way.")]),
        (".5 is odd.", [("p", ".5 is odd.")]),
    ],
)
def test_no_full_stop_stands_alone_below_code(after, left):
    """Finding: in a narrow window "." had a line of its own under the code."""
    assert len(LONG) > LONG_CODE
    text = f"Write `{LONG}`{after}"
    assert parts(text) == [("p", "Write "), ("pre", LONG), *left]
    assert Callout("hint", text).plain == f"→ Hint: Write {LONG}{after}"


def test_a_full_stop_after_code_inside_a_line_stays():
    assert parts("Write `len(table)`.") == [("p", "Write <code>len(table)</code>.")]


def test_a_title_without_a_text_has_no_colon():
    assert Callout("right", "", title="99-a: right").plain == "✓ 99-a: right"
    assert "<p>" not in Callout("right", "", title="99-a: right").html
