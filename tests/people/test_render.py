"""A picture as a whole: the same twice, one factor at a time, several people together."""

import numpy as np
import pytest

from labkit.matchers.align import DlibPipeline
from labkit.people.photo.camera import develop
from labkit.people.photo.render import Likeness, Sitter, render, render_radiance
from labkit.people.photo.scene import Place, compose
from labkit.people.who import Capture, sample_capture, sample_person, sample_styling

SEEDS = (1101, 1102, 1103)


@pytest.fixture(scope="module")
def dressed():
    people = [sample_person(s) for s in SEEDS]
    return [(p, sample_styling(p.seed, p)) for p in people]


def test_the_same_seeds_give_the_same_bytes_and_a_sitter_changes_nothing(dressed):
    person, styling = dressed[0]
    capture = sample_capture(7, 0.5)
    first = render(person, styling, capture, 96)
    assert first.dtype == np.uint8 and first.shape == (96, 96, 3)
    assert np.array_equal(first, render(person, styling, capture, 96))
    sitter = Sitter.of(Likeness.of(person), styling)
    render(sitter, None, sample_capture(8, 1.0), 96)
    assert np.array_equal(first, render(sitter, None, capture, 96))


@pytest.mark.parametrize("tone", [0.0, 0.5, 1.0])
def test_tone_changes_skin_and_nothing_else(dressed, tone):
    for person, styling in dressed:
        capture = sample_capture(person.seed, 0.5)
        one = render_radiance(person.with_(tone=0.3), styling, capture, 96)
        two = render_radiance(person.with_(tone=tone), styling, capture, 96)
        assert np.array_equal(one.skin, two.skin) and np.array_equal(one.alpha, two.alpha)
        bare = one.skin == 0
        assert bare.sum() > 1000
        assert np.array_equal(one.rgb[bare], two.rgb[bare])
        assert np.array_equal(one.backdrop_rgb, two.backdrop_rgb)
        inside = one.skin > 0.99
        assert np.abs(one.rgb[inside] - two.rgb[inside]).mean() > 0.01, "the tone changed nothing"


def test_other_people_stand_before_the_same_wall_in_the_same_shirt(dressed):
    """Backdrop and shirt come from the capture: where nobody stands, pictures are equal."""
    capture = Capture(backdrop=5, shirt=9)
    pictures = [render_radiance(p, s.with_(covering=None), capture, 96) for p, s in dressed]
    for other in pictures[1:]:
        assert np.array_equal(pictures[0].backdrop_rgb, other.backdrop_rgb)


def test_gloss_can_be_switched_off_and_adds_light_only(dressed):
    person, styling = dressed[0]
    dull = render_radiance(person, styling, Capture(), 96, specular=0.0)
    shiny = render_radiance(person, styling, Capture(), 96)
    difference = (shiny.rgb - dull.rgb)[dull.skin > 0.99]
    assert difference.min() > -1e-5 and difference.mean() > 0.003


def test_wrong_input_is_one_sentence(dressed):
    person, styling = dressed[0]
    with pytest.raises(ValueError, match="size 5 is out of range: give 32 to 2048"):
        render(person, styling, Capture(), 5)
    with pytest.raises(ValueError, match="styling is missing"):
        render(person, None, Capture(), 96)


def test_several_people_are_found_where_the_scene_says(dressed):
    captures = [sample_capture(s) for s in SEEDS]
    spots = [(0.22, 0.5, 0.45), (0.5, 0.55, 0.5), (0.78, 0.5, 0.45)]
    places = [
        Place(p, s.with_(covering=None, glasses=None), c, *spot)
        for (p, s), c, spot in zip(dressed, captures, spots, strict=True)
    ]
    radiance, boxes = compose(places, sample_capture(3), 480)
    picture = develop(radiance, sample_capture(3))
    assert picture.shape == (480, 480, 3)
    pipeline = DlibPipeline()
    import dlib

    found = dlib.get_frontal_face_detector()(picture, 1)
    centres = [((r.left() + r.right()) / 2, (r.top() + r.bottom()) / 2) for r in found]
    for box in boxes:
        assert any(box.left < x < box.right and box.top < y < box.bottom for x, y in centres), box
        assert box.right - box.left > 1.5 * box.eyes > 10
    assert pipeline(picture) is not None


def test_a_nearer_person_hides_a_farther_one(dressed):
    (a, sa), (b, sb), _ = dressed
    behind = Place(a, sa, Capture(), 0.5, 0.5, 0.3)
    before = Place(b, sb, Capture(), 0.5, 0.5, 0.9)
    alone, boxes = compose([before], Capture(), 160)
    both, two = compose([behind, before], Capture(), 160)
    assert two[1].seen == 1.0 and two[0].seen < 0.4
    covered = alone.alpha > 0.999
    assert np.allclose(alone.rgb[covered], both.rgb[covered], atol=1e-4)
    assert boxes[0].eyes == pytest.approx(two[1].eyes)


def test_empty_and_tiny_scenes_are_refused(dressed):
    person, styling = dressed[0]
    with pytest.raises(ValueError, match="the scene is empty"):
        compose([], Capture())
    with pytest.raises(ValueError, match="place 0 is 10 pixels high"):
        compose([Place(person, styling, Capture(), 0.5, 0.5, 0.1)], Capture(), 100)
