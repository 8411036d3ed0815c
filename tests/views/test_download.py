"""A link that holds its file: nothing leaves the page."""

from __future__ import annotations

import base64
import html

import pytest

from labkit.views.download import TYPES, link


@pytest.mark.parametrize("ending", TYPES)
def test_the_link_holds_the_file(ending):
    made = link(f"a.{ending}", "é <b>".encode(), "Save & go")
    data = made.split("base64,")[1].split('"')[0]
    assert base64.b64decode(data).decode() == "é <b>" and TYPES[ending] in made
    assert html.unescape(made.split(">")[1].split("<")[0]) == "Save & go"


def test_a_file_of_another_kind_is_refused():
    with pytest.raises(KeyError):
        link("a.exe", b"", "Save")
