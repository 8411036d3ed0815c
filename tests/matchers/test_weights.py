"""Model files: compared with their checksums before they are used, and what is said of bad ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from labkit.app import doctor
from labkit.base.files import DamagedFile
from labkit.data import MODELS, data_folder
from labkit.matchers import align, deepface, describing, sface, weights, yunet
from labkit.matchers.align import LANDMARKS, NETWORK
from labkit.matchers.deepface import DeepFaceMatcher
from labkit.matchers.describing import MatcherError


def change(path: Path, how: str) -> None:
    """Twenty other bytes in the middle, or half of the file."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    if how == "cut":
        del content[middle:]
    else:
        content[middle : middle + 20] = bytes(255 - byte for byte in content[middle : middle + 20])
    path.unlink()
    path.write_bytes(content)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """dlib's files in a folder where they may be damaged, and a DeepFace that knows of no other."""
    there = {name: align.model_file(name) for name in weights.PINNED}
    folder = tmp_path / "models"
    folder.mkdir()
    for name, path in there.items():
        shutil.copyfile(path, folder / name)
    monkeypatch.setattr(weights, "model_file", lambda name: folder / name)
    monkeypatch.setenv("DEEPFACE_HOME", str(tmp_path / "home"))
    deepface.deepface_home.cache_clear()
    deepface._deepface.cache_clear()
    yield folder
    deepface.deepface_home.cache_clear()
    deepface._deepface.cache_clear()


@pytest.mark.parametrize("name", [NETWORK, LANDMARKS])
@pytest.mark.parametrize("how", ["changed", "cut"])
def test_a_damaged_model_file_is_never_used(models: Path, name: str, how: str) -> None:
    """Changed bytes gave infinite distances; a half file was answered by "use Dlib" itself."""
    assert weights.sound_model(name) == models / name
    change(models / name, how)
    with pytest.raises(DamagedFile, match="was changed or cut short: install it again with "):
        weights.sound_model(name)
    with pytest.raises(MatcherError) as caught:
        DeepFaceMatcher(progress=False).describe([np.zeros((80, 80, 3), np.uint8)])
    assert name in str(caught.value) and "face_recognition_models==" in str(caught.value)
    assert "model=" not in str(caught.value) and "\n" not in str(caught.value)
    found = {f.check: f for f in doctor.doctor().findings}["matcher"]
    assert found.state == doctor.WRONG and name in found.found
    assert "pip install --force-reinstall" in found.advice


def test_a_damaged_copy_is_made_again(models: Path, tmp_path: Path) -> None:
    """Where there are no links, DeepFace's folder holds copies, which were compared by length."""
    home = deepface.deepface_home()
    copy = home / deepface.MEMORY / "weights" / NETWORK
    content = copy.read_bytes()
    copy.unlink()
    copy.write_bytes(content)
    change(copy, "changed")
    deepface.deepface_home.cache_clear()
    deepface.deepface_home()
    assert copy.read_bytes() == content


@pytest.mark.parametrize("name", [sface.FILE, yunet.FILE])
def test_the_doctor_compares_the_networks_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    there = data_folder()
    shutil.copytree(there / MODELS, tmp_path / MODELS)
    for path in there.iterdir():
        if path.name != MODELS:
            (tmp_path / path.name).symlink_to(path)
    change(tmp_path / MODELS / name, "changed")
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path))
    found = {f.check: f for f in doctor.doctor().findings}["data"]
    assert found.state == doctor.WRONG and name in found.found


def test_dlib_is_not_offered_instead_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Breaks:
        def build_model(self, model: str, task: str) -> None:
            raise RuntimeError("no memory")

    monkeypatch.setattr(deepface, "_deepface", Breaks)
    with pytest.raises(MatcherError, match=r"no memory.*install dlib again with .*dlib-bin==") as e:
        deepface.load("Dlib")
    assert "model=" not in str(e.value)
    with pytest.raises(MatcherError, match='use model="Dlib", which is installed'):
        deepface.load("ArcFace")


class Odd(describing.PictureMatcher):
    """A matcher whose network says what it is told to."""

    measure = "euclidean"
    says = 0.0

    def _load(self) -> int:
        return 2

    def _cut(self, picture):
        return 1, picture

    def _represent(self, chips):
        return np.array([[self.says, 1.0]] * len(chips), np.float32)

    def _made_by(self) -> str:
        return "odd"


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_templates_that_are_not_finite_are_refused(tmp_path: Path, value: float) -> None:
    """A changed network described faces with infinite numbers, which were compared and counted."""
    pictures = [np.full((80, 80, 3), k, np.uint8) for k in (0, 100)]
    matcher = Odd(cache=tmp_path, progress=False)
    matcher.says = value
    told = matcher.describe(pictures)
    assert told.table["status"].tolist() == ["refused"] * 2 and np.isnan(told.templates).all()
    assert "not finite: its file may be damaged; `python3 lab.py doctor`" in told.table["words"][0]
    matcher.says = 2.0
    assert matcher.transform(pictures).tolist() == [[2, 1]] * 2, "and nothing of it was kept"
    for path in tmp_path.rglob("*.template"):  # kept by an earlier version
        entry = describing._unpack(path)
        path.write_bytes(
            describing._pack(describing._Entry("ok", 1, "", entry.template * np.float32(value)))
        )
    again = Odd(cache=tmp_path, progress=False)
    again.says = 3.0
    assert again.transform(pictures).tolist() == [[3, 1]] * 2
