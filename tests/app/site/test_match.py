"""The page "Match two faces" without a browser: pictures as OpenCV makes them, files, sentences."""

from __future__ import annotations

import base64
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from labkit import data
from labkit.app.site import match
from labkit.app.site.match import derive, runtime, words
from labkit.base import consent
from labkit.base.files import sha256
from labkit.base.places import PROJECT
from labkit.matchers import sface, upright, yunet
from tests.views.test_javascript import node  # noqa: F401

SCRIPT = Path(__file__).parent / "js" / "match.mjs"
DATASHEET = PROJECT / "data" / "models" / "DATASHEET.md"


# ---- what the scripts make of pictures ----------------------------------------------------------


@pytest.fixture
def answers(node: Callable, tmp_path: Path) -> Callable:  # noqa: F811
    """Asks the page's scripts, in node."""

    def ask(*cases: dict[str, Any]) -> list[Any]:
        asked, answered = tmp_path / "asked.json", tmp_path / "answered.json"
        asked.write_text(json.dumps(cases), encoding="utf-8")
        done = node(str(SCRIPT), match.HERE.as_uri(), str(asked), str(answered))
        assert done.returncode == 0, done.stderr
        return json.loads(answered.read_text("utf-8"))

    return ask


def sent(picture: np.ndarray) -> dict[str, Any]:
    height, width = picture.shape[:2]
    text = base64.b64encode(np.ascontiguousarray(picture).tobytes()).decode()
    return {"width": width, "height": height, "data": text}


def got(answer: dict[str, Any]) -> np.ndarray:
    flat = np.frombuffer(base64.b64decode(answer["data"]), np.uint8)
    return flat.reshape(answer["height"], answer["width"], 3)


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def test_a_picture_is_moved_as_opencv_moves_it(answers: Callable) -> None:
    rng = np.random.default_rng(1)
    picture = noise(61, 83)
    maps = [rng.normal(0, 1, 6) * [1, 1, 40, 1, 1, 40] for _ in range(20)]
    maps += [np.array([1.0, 0, 0, 0, 1, 0]), np.array([0.5, 0, 3.25, 0, 0.5, -7.5])]
    asked = [
        {"does": "warped", "of": sent(picture), "map": m.tolist(), "width": 70, "height": 50}
        for m in maps
    ]
    for answer, m in zip(answers(*asked), maps, strict=True):
        wanted = cv2.warpAffine(picture, m.reshape(2, 3), (70, 50), flags=cv2.INTER_LINEAR)
        assert np.array_equal(got(answer), wanted)


def test_a_face_is_cut_out_as_opencv_cuts_it_out(answers: Callable) -> None:
    faces = data.load("anytown/dev")
    pictures = [faces.pictures[k] for k in range(0, 1920, 96)]
    found = [yunet.faces(picture)[0] for picture in pictures]
    asked = [
        {"does": "chip", "of": sent(p), "points": face[4:14].reshape(5, 2).tolist()}
        for p, face in zip(pictures, found, strict=True)
    ]
    for answer, picture, face in zip(answers(*asked), pictures, found, strict=True):
        wanted = sface._chip(picture, face)[..., ::-1].astype(int)
        apart = np.abs(got(answer) - wanted)
        assert apart.max() <= 2  # a place at the edge of a 32nd of a pixel may fall beside it
        assert (apart > 0).mean() < 0.01


@pytest.mark.parametrize("size", [(40, 30), (80, 60), (33, 47), (159, 119), (53, 40)])
def test_a_picture_is_made_smaller_as_opencv_makes_it(
    answers: Callable, size: tuple[int, int]
) -> None:
    picture = noise(120, 160)
    width, height = size
    asked = {"does": "smaller", "of": sent(picture), "width": width, "height": height}
    wanted = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(int)
    apart = np.abs(got(answers(asked)[0]) - wanted)
    assert apart.max() <= 1  # OpenCV adds in single precision
    assert (apart > 0).mean() < 0.01


@pytest.mark.parametrize("degrees", [0, 90, 180, -90, 270, 30, -60, 17.5])
def test_a_picture_is_turned_as_labkit_turns_it(answers: Callable, degrees: float) -> None:
    picture = noise(41, 67)
    points = np.array([[0.0, 0.0], [10.0, 31.5]])
    of = sent(picture)
    turned, back = answers(
        {"does": "turned", "of": of, "degrees": degrees},
        {"does": "back", "of": of, "degrees": degrees, "points": points.tolist()},
    )
    wanted = upright.turned(picture, degrees)
    assert np.array_equal(got(turned), wanted)
    assert np.allclose(back, upright.back(picture.shape, degrees)(points), atol=1e-6)


@pytest.mark.parametrize("peak", [0, 30, 90, 180, 240])
def test_how_a_face_lies_is_found_as_labkit_finds_it(
    answers: Callable, peak: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same scores, asked for in the same order, give the same angle."""
    rng, asked = np.random.default_rng(peak), []

    def score(picture: np.ndarray, lying: int) -> float:
        apart = min((lying - peak) % 360, (peak - lying) % 360)
        asked.append(float(np.float32(0.99 - apart / 500 + rng.uniform(0, 0.01))))
        return asked[-1]

    monkeypatch.setattr(upright, "_score", score)
    wanted = upright.lies(np.zeros((64, 64, 3), np.uint8))
    case = {"does": "lies", "scores": asked, "rules": match.rules()}
    assert answers(case)[0] == pytest.approx(wanted, abs=1e-3)


def raw(wide: int, high: int) -> dict[str, np.ndarray]:
    """What YuNet gives where it sees nothing."""
    out = {}
    for stride in (8, 16, 32):
        places = (wide // stride) * (high // stride)
        for name, size in {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}.items():
            out[f"{name}_{stride}"] = np.zeros(places * size, np.float32)
    return out


def test_of_boxes_that_cover_each_other_the_surer_is_kept_and_the_largest_comes_first(
    answers: Callable,
) -> None:
    out = raw(64, 64)
    for place, score, size in ((9, 0.7, 2.0), (10, 0.9, 2.0), (54, 0.8, 1.0), (63, 0.59, 1.0)):
        out["cls_8"][place] = out["obj_8"][place] = score
        out["bbox_8"][4 * place + 2 : 4 * place + 4] = size
    sentence = {
        "does": "faces",
        "outputs": {name: values.tolist() for name, values in out.items()},
        "width": 64,
        "height": 64,
        "rules": match.rules(),
    }
    found = answers(sentence)[0]
    assert [round(face["score"], 2) for face in found] == [0.9, 0.8]
    wide = 8 * np.exp(2.0)
    assert found[0]["box"] == pytest.approx([16 - wide / 2, 8 - wide / 2, wide, wide], abs=1e-3)
    assert found[0]["points"] == [[16, 8]] * 5


def test_consent_stops_at_the_question_at_which_the_lab_stops(answers: Callable) -> None:
    questions = [match._question(name) for name in consent.QUESTIONS]
    yes = dict.fromkeys(consent.QUESTIONS, "yes")
    cases = [yes, {}]
    for name, answer in itertools.product(consent.QUESTIONS, ("", "no")):
        cases.append(yes | {name: answer})
    for name in consent.MAY_NOT_APPLY:
        cases.append(yes | {name: "does not apply"})
    asked = [{"does": "consent", "questions": questions, "answers": a} for a in cases]
    for said, given in zip(answers(*asked), cases, strict=True):
        try:
            consent.Consent(given).require()
            wanted = ""
        except consent.ConsentMissing as missing:
            number, name = next(
                (k, name)
                for k, name in enumerate(consent.QUESTIONS, 1)
                if f"{name!r}" in str(missing)
            )
            no = given.get(name) == "no"
            wanted = questions[number - 1]["no" if no else "open"]
            begin = "was answered no" if no else "has no answer yet"
            assert wanted.startswith(f"Question {number} {begin}: “")
            assert name not in wanted.split("“")[0]
        assert said == wanted


def test_a_question_that_always_applies_is_not_waved_through(answers: Callable) -> None:
    questions = [match._question(name) for name in consent.QUESTIONS]
    given = dict.fromkeys(consent.QUESTIONS, "yes") | {"asked": "does not apply"}
    said = answers({"does": "consent", "questions": questions, "answers": given})[0]
    assert said == questions[0]["open"]


# ---- the networks' other form -------------------------------------------------------------------


@pytest.mark.parametrize("name", derive.DERIVED)
def test_the_datasheet_has_the_checksum_of_what_is_derived(name: str) -> None:
    assert sha256(derive.derived(name)) in DATASHEET.read_text("utf-8")


def graph(model: bytes) -> list[derive.Field]:
    whole = next(f.value for f in derive.fields(model) if f.number == derive.GRAPH)
    return list(derive.fields(whole))


@pytest.mark.parametrize("name", derive.DERIVED)
def test_what_is_derived_has_the_same_weights_and_the_same_work(name: str) -> None:
    before, after = graph(yunet.model(name).tobytes()), graph(derive.derived(name))
    lists = (derive.INPUT, derive.OUTPUT, derive.VALUE_INFO)

    def kept(field: derive.Field) -> bytes:
        """A field without the sizes of blocks, which only YuNet loses, and only some of them."""
        if field.number != derive.NODE:
            return field.whole
        return b"".join(f.whole for f in derive.fields(field.value) if b"block_size" not in f.whole)

    left = [[kept(f) for f in part if f.number not in lists] for part in (before, after)]
    assert left[0] == left[1]
    inputs = [f for f in after if f.number == derive.INPUT]
    assert len(inputs) == 1


def test_bytes_that_are_no_onnx_file_are_refused_in_one_sentence() -> None:
    model = yunet.model(yunet.FILE).tobytes()
    for broken in (b"\x0b", b"", b"\x80", model[:1000]):
        with pytest.raises(ValueError, match=r"no ONNX file|cut short") as told:
            derive.without_weights_as_inputs(broken)
        assert "\n" not in str(told.value)


# ---- the page -----------------------------------------------------------------------------------


def test_every_sentence_of_the_script_is_there() -> None:
    script = (match.HERE / "page.js").read_text("utf-8")
    asked = set(re.findall(r'words\.(\w+)|fill\(\s*"(\w+)"', script))
    named = {a or b for a, b in asked}
    assert named <= set(words.SAID)
    for name in ("truth", "own"):
        assert name in script
    truths = re.search(r"function truth.*?\n}", script, re.DOTALL)
    assert truths and set(re.findall(r'"(\w+)"', truths[0])) <= set(words.SAID)


def test_without_the_runtime_one_sentence_says_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(runtime.NAMED, raising=False)
    assert runtime.find(tmp_path) is None
    sentence = runtime.missing("match/index.html")
    assert "npm install" in sentence and "\n" not in sentence
