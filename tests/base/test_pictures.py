"""Photographs of every kind come to one form, or are refused in one sentence."""

from __future__ import annotations

import os
import struct
import tracemalloc
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from labkit.base import pictures
from labkit.base.pictures import LARGEST, read_smaller
from labkit.matchers import MATCHERS, PictureError, read_picture

RED = np.zeros((6, 8, 3), np.uint8)
RED[..., 0] = 200


@pytest.fixture(scope="module")
def scene():
    """Smooth colours, larger on one side than on the other, so that a turn shows."""
    y, x = np.mgrid[0:48, 0:64]
    return np.stack([x * 3, y * 4, 255 - x * 2], -1).astype(np.uint8)


def saved(path, picture, **options):
    Image.fromarray(picture).save(path, **options)
    return path


def one_sentence(text):
    """A message that says what and what to do, on one line, without a Python class in it."""
    return "\n" not in text and ": " in text and "Error" not in text and len(text) < 250


# ---- kinds that come to one form ----------------------------------------------------------------


def test_a_colour_array_comes_back_as_it_is(scene):
    assert read_picture(scene) is scene


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.bmp", "a.tiff"])
def test_files_without_loss_give_the_same_values(tmp_path, scene, name):
    path = saved(tmp_path / name, scene, **({"lossless": True} if "webp" in name else {}))
    for given in (path, str(path)):
        assert np.array_equal(read_picture(given), scene)


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 1)])
def test_grey_arrays_get_three_equal_channels(shape):
    grey = np.arange(35, dtype=np.uint8).reshape(shape)
    out = read_picture(grey)
    assert out.shape == (5, 7, 3)
    assert all(np.array_equal(out[..., c].ravel(), grey.ravel()) for c in range(3))


def test_a_grey_file_gets_three_equal_channels(tmp_path):
    grey = np.arange(48, dtype=np.uint8).reshape(6, 8)
    out = read_picture(saved(tmp_path / "grey.png", grey))
    assert np.array_equal(out, np.repeat(grey[..., None], 3, 2))


@pytest.mark.parametrize("where", ["array", "file"])
@pytest.mark.parametrize(("alpha", "green"), [(0, 255), (255, 0), (51, 204)])
def test_transparent_pictures_are_laid_on_white(tmp_path, where, alpha, green):
    rgba = np.dstack([RED, np.full(RED.shape[:2], alpha, np.uint8)])
    out = read_picture(rgba if where == "array" else saved(tmp_path / "a.png", rgba))
    assert out.shape == RED.shape and (out[..., 1] == green).all()


def test_grey_with_alpha_and_a_palette_with_a_hole_are_laid_on_white(tmp_path):
    both = np.dstack([np.zeros((4, 4), np.uint8), np.full((4, 4), 51, np.uint8)])
    assert (read_picture(saved(tmp_path / "la.png", both)) == 204).all()
    palette = Image.fromarray(np.zeros((4, 4), np.uint8)).convert("P")
    palette.save(tmp_path / "p.png", transparency=0)
    assert (read_picture(tmp_path / "p.png") == 255).all()


def test_a_palette_gives_its_colours(tmp_path):
    Image.fromarray(RED).quantize(4).save(tmp_path / "p.png")
    assert np.array_equal(read_picture(tmp_path / "p.png"), RED)


@pytest.mark.parametrize("kind", [np.uint16, ">u2"])
def test_sixteen_bits_are_scaled_not_cut(kind):
    deep = np.array([[0, 257, 32768, 65535]]).astype(kind)
    assert read_picture(deep)[0, :, 0].tolist() == [0, 1, 128, 255]


@pytest.mark.parametrize("colours", [1, 3])
def test_sixteen_bit_files_are_scaled_not_cut(tmp_path, colours):
    deep = np.full((4, 4, colours), 128 * 257, np.uint16)
    deep[0] = 65535
    cv2.imwrite(str(tmp_path / "deep.png"), deep)
    out = read_picture(tmp_path / "deep.png")
    assert (out[0] == 255).all() and (out[1:] == 128).all()


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_fractions_are_scaled_and_rounded(kind):
    out = read_picture(np.array([[0, 0.5, 1]], kind))
    assert out[0, :, 0].tolist() == [0, 128, 255]


def test_whole_numbers_of_another_type_are_taken_when_they_fit():
    assert np.array_equal(read_picture(RED.astype(np.int64)), RED)


def test_a_photograph_is_turned_upright(tmp_path, scene):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held turned by a quarter
    path = saved(tmp_path / "turned.jpg", scene, exif=exif, quality=95)
    plain = read_picture(saved(tmp_path / "plain.jpg", scene, quality=95))
    assert np.array_equal(read_picture(path), np.rot90(plain, -1))


def test_cmyk_becomes_rgb(tmp_path):
    Image.fromarray(RED).convert("CMYK").save(tmp_path / "print.jpg", quality=95)
    out = read_picture(tmp_path / "print.jpg")
    assert out.shape == RED.shape and np.abs(out.astype(int) - RED).max() < 12


def test_the_first_frame_of_a_moving_picture_is_used(tmp_path):
    Image.fromarray(RED).save(
        tmp_path / "m.gif", save_all=True, append_images=[Image.fromarray(255 - RED)]
    )
    assert np.array_equal(read_picture(tmp_path / "m.gif"), RED)


def test_one_pixel_is_a_picture():
    assert read_picture(np.zeros((1, 1, 3), np.uint8)).shape == (1, 1, 3)


def test_nothing_is_written_beside_a_photograph(tmp_path, scene):
    path = saved(tmp_path / "mine.jpg", scene)
    before = path.stat()
    read_picture(path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.jpg"]
    assert (path.stat().st_mtime_ns, path.stat().st_size) == (before.st_mtime_ns, before.st_size)


# ---- large ones made smaller --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "turned.jpg", "array"])
def test_a_large_picture_is_made_smaller_while_it_is_read(tmp_path, scene, name):
    large = np.repeat(np.repeat(scene, 10, 0), 10, 1)  # 480 x 640
    given = large
    if name != "array":
        exif = Image.Exif()
        if name == "turned.jpg":
            exif[0x0112] = 6
        given = saved(tmp_path / name, large, exif=exif)
    small, scale = read_smaller(given, 30_000)
    whole = read_picture(given)
    assert small.shape == ((200, 150, 3) if name == "turned.jpg" else (150, 200, 3))
    assert scale == pytest.approx(3.2, abs=0.01)
    by_hand = cv2.resize(whole, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - by_hand).mean() < 3


def test_a_large_jpeg_is_not_decoded_whole(tmp_path, monkeypatch):
    path = saved(tmp_path / "a.jpg", np.zeros((1600, 1600, 3), np.uint8))
    sizes = []
    real = pictures._from_image

    def seen(image, *more, **options):
        sizes.append(image.size)
        return real(image, *more, **options)

    monkeypatch.setattr(pictures, "_from_image", seen)
    small, scale = read_smaller(path, 40_000)
    assert sizes == [(200, 200)] and small.shape == (200, 200, 3) and scale == 8


def test_a_picture_that_is_not_large_stays_as_it_is(scene):
    small, scale = read_smaller(scene, scene.shape[0] * scene.shape[1])
    assert small is scene and scale == 1


# ---- kinds that are refused ---------------------------------------------------------------------


def png_that_says(width, height):
    """A PNG whose first lines give a size, with hardly anything behind them."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height", "says"),
    [
        (10_000, 5_001, "10,000 x 5,001 pixels"),
        (30_000, 30_000, "900 million pixels"),  # Pillow calls it a bomb
    ],
)
def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path, width, height, says):
    (tmp_path / "huge.png").write_bytes(png_that_says(width, height))
    tracemalloc.start()
    with pytest.raises(PictureError) as caught:
        read_picture(tmp_path / "huge.png")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert says in str(caught.value) and "50 million" in str(caught.value)
    assert one_sentence(str(caught.value)) and peak < 5_000_000


def test_a_picture_at_the_limit_is_not_too_large(tmp_path):
    (tmp_path / "large.png").write_bytes(png_that_says(10_000, LARGEST // 10_000))
    with pytest.raises(PictureError, match="cut short"):  # it is let through to the decoder
        read_picture(tmp_path / "large.png")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tiff", "a.gif"])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.6, 0.9])
def test_a_picture_cut_short_is_refused(tmp_path, scene, name, share):
    noisy = scene ^ np.random.default_rng(0).integers(0, 64, scene.shape).astype(np.uint8)
    path = saved(tmp_path / name, noisy)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(PictureError) as caught:
        read_picture(path)
    assert one_sentence(str(caught.value)) and name in str(caught.value)


def test_a_picture_with_changed_bytes_is_refused(tmp_path, scene):
    path = saved(tmp_path / "a.png", scene)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
    with pytest.raises(PictureError, match=r"a\.png is damaged or cut short"):
        read_picture(path)


def missing(folder):
    return folder / "nobody.jpg"


def a_folder(folder):
    return folder


def empty(folder):
    (folder / "empty.jpg").touch()
    return folder / "empty.jpg"


def text(folder):
    (folder / "notes.jpg").write_text("not a picture")
    return folder / "notes.jpg"


def a_pipe(folder):
    os.mkfifo(folder / "a pipe.jpg")
    return folder / "a pipe.jpg"


def a_link_to_a_pipe(folder):
    os.mkfifo(folder / "pipe")
    (folder / "a link.jpg").symlink_to(folder / "pipe")
    return str(folder / "a link.jpg")


def program_for_a_printer(folder):
    Image.fromarray(RED).save(folder / "print.eps")
    return folder / "print.eps"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (missing, "nobody.jpg does not exist"),
        (a_folder, "is a folder"),
        (empty, "empty.jpg is empty"),
        (text, "notes.jpg is not a picture that can be read here"),
        (program_for_a_printer, "print.eps is not a picture that can be read here"),
        (lambda _: "https://example.org/face.jpg", "is an address on the internet"),
        (lambda _: "a\0b.jpg", "cannot be opened"),
        (lambda _: "x" * 300 + ".jpg", "is longer than a name of a file may be"),
        (lambda _: "x" * 12_000, "is longer than a name of a file may be"),
        (lambda _: "https://example.org/" + "x" * 12_000, "is an address on the internet"),
        (
            lambda _: "file:///home/me/a%20b.jpg",
            "is an address of a file: give its path, /home/me/a b.jpg",
        ),
        (lambda _: "file:", "is an address of a file"),
        (lambda _: "", "'' is no name of a picture"),
        (lambda _: " ", "'' is no name of a picture"),
        (lambda _: "~/no such picture.jpg", "~/no such picture.jpg does not exist"),
        (lambda _: "~/", "~/ is a folder"),
        (lambda _: "a\nb.jpg", "b.jpg does not exist"),
        (lambda _: "/dev/zero", "is no ordinary file"),
        (lambda _: "/dev/tty", "is no ordinary file"),
        (a_pipe, "a pipe.jpg is no ordinary file"),
        (a_link_to_a_pipe, "a link.jpg is no ordinary file"),
        (lambda _: None, "None is not a picture"),
        (lambda _: [[0, 1]], "not list"),
        (lambda _: b"\xff\xd8", "not bytes"),
    ],
)
def test_what_is_no_picture_is_refused_in_one_sentence(tmp_path, make, says):
    with pytest.raises(PictureError) as caught:
        read_picture(make(tmp_path))
    assert says in str(caught.value)
    assert one_sentence(str(caught.value))


def test_a_file_that_grows_while_it_is_read_is_read_up_to_the_limit(tmp_path, monkeypatch):
    """Finding: some files say 0 bytes and give more, without an end."""
    monkeypatch.setattr("labkit.base.pictures.LARGEST_FILE", 100)
    (tmp_path / "film.png").write_bytes(bytes(1000))
    seen = []
    real = open

    def opened(path, mode):
        file = real(path, mode)
        seen.append(file)
        return file

    kind = (tmp_path / "film.png").stat()
    small = os.stat_result([*kind[:6], 0, *kind[7:]])
    monkeypatch.setattr(os, "stat", lambda path: small)
    monkeypatch.setattr(pictures, "open", opened, raising=False)
    with pytest.raises(PictureError, match="has 101 bytes: a picture may have at most 100"):
        read_picture(tmp_path / "film.png")
    assert seen


def test_a_path_in_the_home_folder_is_found(tmp_path, monkeypatch, scene):
    """Finding: ~ was taken for the name of a folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    saved(tmp_path / "me.png", scene)
    assert np.array_equal(read_picture("~/me.png"), scene)


def test_a_long_name_is_shortened_in_a_message():
    """Finding: a text of 12,000 characters was given back whole."""
    for given in ({"picture": np.zeros(5)}, {"picture": 3}):
        with pytest.raises(PictureError) as caught:
            read_picture(**given, name="start" + "x" * 12_000 + "end")
        text = str(caught.value)
        assert one_sentence(text) and text.startswith("startxxx") and "xxxend " in text
    with pytest.raises(PictureError, match="is one path") as caught:
        MATCHERS["dlib"].make().describe("x" * 12_000)
    assert one_sentence(str(caught.value))


@pytest.mark.parametrize("high", [2, 200, 255])
def test_eight_bits_in_sixteen_are_not_silently_black(high):
    """Finding: uint16 values from 0 to 255 gave a black picture without a word."""
    deep = np.array([[0, 1, high]], np.uint16)
    with pytest.raises(PictureError, match=r"holds uint16 values from 0 to .*astype\('uint8'\)"):
        read_picture(deep)
    assert read_picture(deep.astype(np.uint8))[0, 2, 0] == high


def test_a_dark_sixteen_bit_file_and_a_black_array_are_taken(tmp_path):
    cv2.imwrite(str(tmp_path / "deep.png"), np.full((4, 4), 200, np.uint16))
    assert (read_picture(tmp_path / "deep.png") == 1).all()
    assert (read_picture(np.zeros((4, 4), np.uint16)) == 0).all()


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_matrix_is_refused_in_words():
    """Finding: a numpy matrix ended in a raw error."""
    with pytest.raises(PictureError, match=r"the array is a numpy matrix: give numpy.asarray"):
        read_picture(np.matrix([[0, 1], [2, 3]], dtype=np.uint8))


def test_a_very_large_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("labkit.base.pictures.LARGEST_FILE", 100)
    (tmp_path / "film.png").write_bytes(bytes(101))
    with pytest.raises(
        PictureError, match=r"film\.png has 101 bytes: a picture may have at most 100"
    ):
        read_picture(tmp_path / "film.png")


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.zeros(5, np.uint8), r"has the shape \(5\)"),
        (np.zeros((2, 3, 5), np.uint8), r"has the shape \(2, 3, 5\)"),
        (np.zeros((2, 4, 4, 3), np.uint8), r"has the shape \(2, 4, 4, 3\)"),
        (np.zeros((0, 3, 3), np.uint8), "at least one pixel"),
        (np.zeros((4, 4), bool), "holds bool values"),
        (np.zeros((4, 4), complex), "holds complex128 values"),
        (np.array([["a"]]), "values: give uint8"),
        (np.full((4, 4), 255.0), "from 255 to 255: fractions should lie between 0 and 1"),
        (np.full((4, 4), -0.1), "from -0.1 to -0.1"),
        (np.full((4, 4), np.nan), "not numbers"),
        (np.full((4, 4), 256), "whole numbers should lie between 0 and 255"),
        (np.broadcast_to(np.uint8(0), (10_000, 5_001, 3)), "5,001 x 10,000 pixels"),
    ],
)
def test_arrays_that_are_no_picture_are_refused_in_one_sentence(array, says):
    with pytest.raises(PictureError, match=says) as caught:
        read_picture(array, name="picture 3 of the list")
    assert one_sentence(str(caught.value))
    assert str(caught.value).startswith("picture 3 of the list ")


def test_warnings_of_others_are_left_alone(recwarn, tmp_path):
    (tmp_path / "large.png").write_bytes(png_that_says(12_000, 8_000))
    with pytest.raises(PictureError):
        read_picture(tmp_path / "large.png")
    assert not recwarn.list


def test_what_is_no_picture_is_named_by_what_it_is_or_by_its_given_name():
    with pytest.raises(PictureError, match="31415"):
        read_picture(31415)
    with pytest.raises(PictureError, match="the visitor"):
        read_picture(31415, name="the visitor")
