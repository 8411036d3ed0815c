"""Small files of any content: right numbers, or one sentence; never anything else."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from labkit.audit.columns import TRUTH
from labkit.audit.csv import BadFile, Reading, read_pairs
from labkit.audit.pairs import EVERYONE

from .made import found

HEADER = "probe,gallery,same_person,score"
GOOD = ["a,b,1,0.9", "c,d,1,0.7", "a,c,0,0.2", "b,d,0,0.8", "a,d,0,0.1", "b,c,0,0.3"]
BITS = st.sampled_from(
    [
        *(",", ";", "\t", "|", '"', "\n", "\r\n", "\r", " ", "", "0", "1", "-1", ".", "%", "e5"),
        *("a", "0,5", "1.000,5", "nan", "N/A", "inf", "TRUE", "ja", "0.62", "1e400", "é", "\0"),
        *("\ufeff", "sep=;", ",,,", "\x85", "\u2028", "'", "=", "0x1", "1_0", "probe", "1e-320"),
    ]
)


def changed(parts: tuple[list[str], list[tuple[int, int, str]]]) -> str:
    """A file with bits put in anywhere, over what stood there or not."""
    text = "\n".join([HEADER, *parts[0]]) + "\n"
    for at, over, bit in parts[1]:
        at %= len(text) + 1
        text = text[:at] + bit + text[at + over :]
    return text


CHANGES = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3), BITS), max_size=6)
FILES = st.tuples(st.lists(st.sampled_from(GOOD), max_size=8, unique=True), CHANGES).map(changed)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])


def numbers(text: str, t: float) -> dict[str, tuple[int, int]]:
    """Errors and trials in plain loops, for a file with commas, read by the standard library."""
    rows = list(csv.reader(io.StringIO(text, newline=""), skipinitialspace=True))
    rows = [[cell.strip() for cell in r] for r in rows if any(cell.strip() for cell in r)]
    header = ["".join(filter(str.isprintable, name)).strip().lower() for name in rows[0]]
    at = {name: header.index(name) for name in HEADER.split(",")}
    out = {"fmr": [0, 0], "fnmr": [0, 0]}
    planned = 0
    for row in rows[1:]:
        cell = {name: row[i] if i < len(row) else "" for name, i in at.items()}
        same = TRUTH.get(cell["same_person"].lower())
        same = float(cell["same_person"]) == 1 if same is None else same
        planned += same
        score = float(cell["score"])
        rate = "fnmr" if same else "fmr"
        out[rate][1] += 1
        out[rate][0] += score < t if same else score >= t
    rejected = out["fnmr"][0] + planned - out["fnmr"][1]
    return {**{k: tuple(v) for k, v in out.items()}, "false_rejection": (rejected, planned)}


@given(FILES, ENCODINGS)
@example("\n".join([HEADER, *GOOD]), "utf-8")
@example("\n".join([HEADER, "a,b,1,TRUE", "a,c,0,FALSE"]), "utf-8")
@example("\n".join([HEADER, 'a,b,1,"0.9', "c,d,0,0.2"]), "utf-8")
@example("\n".join([HEADER + ",", "a,b,1,0.9,", "a,c,0,0.2,"]), "utf-8")
@example("\n".join([HEADER, "a,b,1,0.9,", "a,c,0,0.2,,,,"]), "utf-8")
@example("\n".join([HEADER, "a,b,1,0.9,x", "a,c,0,0.2"]), "utf-8")
@example("\n".join([HEADER, "a,b,1,1e400", "a,c,0,0.2"]), "utf-8")
def test_right_numbers_or_one_sentence(tmp_path_factory, text, encoding):
    path = Path(tmp_path_factory.getbasetemp()) / "fuzz.csv"
    path.write_bytes(text.encode(encoding, "replace"))
    try:
        pairs = read_pairs(path)
    except BadFile as error:
        assert str(error).strip() and len(str(error).splitlines()) == 1, str(error)
        return
    assert pairs.genuine.size and pairs.impostor.size
    noted = " ".join(pairs.notes)
    odd = any(
        w in noted for w in ("thousands", "decimal commas", "per cent", "separator", "lines:")
    )
    if "commas between" in pairs.kind and "UTF-8" in pairs.kind and not odd:
        for t in (0.25, 0.8):
            assert found(pairs.everyone(t), EVERYONE) == numbers(text, t)


@given(FILES, st.booleans(), st.sampled_from([(), ("",), ("-1", "N/A")]))
def test_the_same_with_options(tmp_path_factory, text, drop, failed):
    path = Path(tmp_path_factory.getbasetemp()) / "fuzz.csv"
    path.write_bytes(text.encode())
    try:
        pairs = read_pairs(path, reading=Reading(drop_repeats=drop, failed_value=failed))
    except BadFile as error:
        assert str(error).strip() and len(str(error).splitlines()) == 1, str(error)
        return
    made = pairs.scores[~pairs.mated & pairs.made]
    assert pairs.everyone(0.25)[EVERYONE, "fmr"].errors == sum(s >= 0.25 for s in made)


@given(st.binary(max_size=300))
@example(b"PAR1")
@example(b"PK\x03\x04")
@example(b"\x1f\x8b")
@example(b"\x1f\x8b\x08\x00")
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(b"\xff\xfea")
def test_any_bytes_get_one_sentence(tmp_path_factory, content):
    path = Path(tmp_path_factory.getbasetemp()) / "fuzz.bin"
    path.write_bytes(content)
    try:
        read_pairs(path)
    except BadFile as error:
        assert str(error).strip() and len(str(error).splitlines()) == 1, str(error)
    else:
        raise AssertionError("these bytes are no scored pairs")
