"""What notebook 05 concludes, held against the shipped data, and every branch of its sentences."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest

from labkit import data, matchers
from labkit.app import notebooks, rules
from labkit.base.places import PROJECT
from labkit.measure import groups, rates, reading
from labkit.measure.disparity import confusion, group_table
from labkit.measure.faces import compare_faces, threshold_cells
from labkit.measure.intervals import Interval
from labkit.measure.shapes import near_and_far, shape_distances
from labkit.measure.thresholds import choose_threshold
from lessons.nb05 import exercises, words

BANDS = ["lighter", "medium", "darker"]


@pytest.fixture(scope="module")
def faces():
    return data.load("anytown/eval")


@pytest.fixture(scope="module")
def pairs(faces):
    return compare_faces(faces)


@pytest.fixture(scope="module")
def t():
    return exercises.threshold()


@pytest.fixture(scope="module")
def table(pairs, faces, t):
    return group_table(pairs, faces.groups("tone_band"), t)


# ---- what the prose and the headlines say --------------------------------------------------------


def test_the_threshold_is_what_the_protocol_says(t):
    dev = data.load("anytown/dev")
    everybody = compare_faces(dev)
    parts = everybody.within(threshold_cells(dev)).values()
    assert len(parts) == 6, "the text says six cells"
    assert np.mean([rates.fmr(p.impostor, t) for p in parts]) == pytest.approx(1e-2, rel=2e-3)
    whole = rates.fmr(everybody.impostor, t)
    assert whole < 0.9e-2, "the text says that the rate over all pairs is lower"


def rows_of(path, *starts):
    """Cells of the rows of a page's tables that start with some words."""
    text = (PROJECT / path).read_text(encoding="utf-8")
    rows = [[c.strip() for c in line.split("|")[1:-1]] for line in text.splitlines()]
    return [row for row in rows if row[: len(starts)] == list(starts)]


def test_the_page_and_the_readme_use_one_threshold(t, table, pairs):
    """Finding: README's cells were tone band x presentation, the notebook's tone bands alone.

    One quantity had two values: 1.62 [.93, 2.75] and 1.59 [.94, 2.68].
    """
    (chosen,) = rows_of("benchmarks/results/matchers.md", "dlib", "0.01")[:1]
    for scores in (pairs.impostor, pairs.genuine):  # few digits, the same matches
        assert ((scores >= np.float32(chosen[2])) == (scores >= t)).all()
    for band in BANDS:
        (shown,) = rows_of("README.md", "dlib", band, "160")
        for place, rate, digits in ((6, "false_rejection", 3), (7, "fmr", 4)):
            assert shown[place].split()[0] == f"{table[band, rate].value:.{digits}f}"
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for rate, name in (("false_rejection", "false rejection"), ("fmr", "FMR")):
        ratio = table["darker", rate].value / table["lighter", rate].value
        assert f"dlib: {name}, darker against lighter: {ratio:.2f} times [" in readme


def test_the_page_takes_its_cells_from_the_one_place():
    source = (PROJECT / notebooks.SOURCE / "05_unequal_errors.py").read_text(encoding="utf-8")
    assert "cells, thresholds, tables = measure.threshold_cells(dev), {}, {}" in source
    assert source.count("choose_threshold(") == 1 and "1e-2, cells=cells)" in source


def test_the_looks_that_are_in_no_group_table_are_counted():
    source = (PROJECT / notebooks.SOURCE / "05_unequal_errors.py").read_text(encoding="utf-8")
    (more,) = re.findall(r"measure\.looks\(tables, references, primary=asked, more=(\d)\)", source)
    assert source.count('looks["looks"].max()') == int(more), "each of them says how many there are"


def order_of(*texts, edition):
    source = PROJECT / notebooks.SOURCE / "05_unequal_errors.py"
    cells = [c for c in rules.cells(source, "solved") if edition == "full" or "core" in c.tags]
    return [next(i for i, c in enumerate(cells) if text in c.text) for text in texts]


@pytest.mark.parametrize("edition", ["core", "full"])
def test_the_primary_question_is_answered_before_anything_exploratory_is_shown(edition):
    """Finding: the significant exploratory result was printed first, the primary answer second."""
    order = order_of(
        "words.primary(",
        "From here on everything is exploratory",
        "table.show(",
        "words.rejections(",
        "explorers.groups(",
        edition=edition,
    )
    assert order == sorted(order) and order[0] < order[1]


def test_the_page_says_that_three_notebooks_look_at_the_same_people():
    said = {
        path.stem[:2]: " ".join(" ".join(rules.prose(path)).split())
        for path in notebooks.sources(PROJECT)
    }
    assert "three looks at **one** sample" in said["05"]
    assert "Notebooks 04 and 05 report on these same people" in said["03"]
    assert "Notebooks 03 and 05 report on these same people" in said["04"]


def test_the_primary_question_is_open_and_twofold_was_not_excluded(table):
    row = table.contrasts("lighter").loc["darker"]
    assert row["low"] <= 1 <= row["high"], "headlines 'equal' and 'open' speak of this"
    assert row["high"] > 2


@pytest.fixture(scope="module")
def looks(pairs, faces, t):
    """The contrasts of dlib, and as many looks as the page makes with all matchers."""
    tables = {
        ("dlib", grouping): group_table(pairs, faces.groups(column), t)
        for grouping, column in (("tone band", "tone_band"), ("presentation", "presentation_half"))
    }
    asked = ("dlib", "tone band", "fmr", "darker")
    references = {"tone band": "lighter", "presentation": "lower"}
    more = len(list(matchers.offline())) * 6 - 6 + 2
    return groups.looks(tables, references, primary=asked, more=more)


def test_rejections_differ_at_deeper_tones(looks):
    row = looks.loc["dlib", "tone band", "false_rejection", "darker"]
    assert row["looks"] == 6 * len(list(matchers.offline())) - 1 + 2
    assert row["low"] > 1 and row["claimed"], "headline 'misses' says so"


def test_worst_of_six_cells_is_nearly_twice_the_best_and_luck_gives_as_much(pairs, faces, t):
    cells = group_table(pairs, faces.groups("tone_band", "presentation_half"), t)
    assert len(cells.names) == 6
    row = cells.spread().loc["max/min"]
    assert 1.7 < row["value"] < 2.1
    assert row["share_of_null_at_least"] > 0.05


def test_two_headlines_are_carried_and_no_other():
    assert exercises.HEADLINE.best_options == ("misses", "open")


def test_people_of_two_bands_are_rarely_confused(pairs, faces, t):
    small = exercises.small()
    rate = small["false matches"] / small["comparisons"]
    assert rate["lighter", "darker"] < 0.5 * rate["darker", "darker"]
    cell = confusion(pairs, faces.groups("tone_band"), t)
    assert rate["darker", "darker"] == pytest.approx(cell.loc["darker", "darker"])


def test_hardly_a_face_was_lost_on_eval_and_many_under_the_poor_camera(pairs):
    counts = exercises.counts()
    lost = counts["photographs without a face found"] / counts["photographs"]
    assert (~pairs.usable).mean() < 0.005 < 0.02 < lost
    assert counts["mated pairs planned"] == 160 * 6 and counts["photographs"] == 160 * 4


def test_restyling_adds_more_rejections_in_one_half(pairs, faces, t, looks):
    tables = groups.by_style(pairs, faces.groups("presentation_half"), t)
    added = groups.style_difference(tables, "upper", "lower")
    told = words.style(added, "upper", "lower", looks["looks"].max())
    assert "So part of the gap between the halves goes with how people were styled" in told


def test_portraits_stand_in_the_pairs_as_the_caution_says(faces):
    kept = faces.of("styling_kept")[:6] == 1
    photos = faces.of("photo")[:6]
    both = [(i, j) for i in range(6) for j in range(i + 1, 6)]
    same = [p for p in both if kept[list(p)].all()]
    assert len(same) == 3 and sum(photos[i] == 0 for i, _ in same) == 2
    assert len(both) - len(same) == 12
    assert sum(photos[i] == 0 for i, j in both if (i, j) not in same) == 3


def test_a_lighter_and_a_darker_person_are_confused_less_often(pairs, faces, t, looks):
    row = groups.across_within(pairs, faces.groups("tone_band"), t)
    told = words.confusion(row, looks["looks"].max())
    assert told.startswith("One lighter and one darker person: FMR ")
    assert "A lighter and a darker person are taken for each other less often" in told


def test_nearly_all_rejections_are_of_restyled_pairs(pairs, faces, t):
    """Finding: 1,326 of 1,339 rejections were, and the headline about rejections did not say so."""
    by_style = groups.by_style(pairs, faces.groups("tone_band"), t)
    all_of, restyled = (
        sum(by_style[which][band, "false_rejection"].errors for band in BANDS)
        for which in ("all", "restyled")
    )
    told = words.styles(by_style)
    assert f"Of {all_of:,} rejections {restyled:,} are of restyled pairs." in told
    assert restyled > words.MOST * all_of and "almost wholly about restyled pairs" in told
    assert "Same-style pairs have too few rejections" in told
    for band in BANDS:
        assert f"{band} {by_style['restyled'][band, 'false_rejection'].short()}" in told
    assert (
        "nearly all of these rejections are of restyled pairs"
        in (exercises.HEADLINE.options["misses"])
    )


def test_a_band_has_a_lower_rate_than_the_cells_that_the_threshold_was_set_by(
    pairs, faces, t, table
):
    """Finding: 1e-2 was asked for, and three rates below it stood there unexplained."""
    cells = group_table(pairs, threshold_cells(faces), t)
    told = reading.cells(cells, table, 1e-2)
    mean = np.mean([cells[name, "fmr"].value for name in cells.names])
    assert "a mean FMR of 0.01 within 6 cells. Here that mean is" in told
    assert f"that mean is {mean:.4f}; that of the 3 groups of the table is" in told
    assert told.endswith("two of its cells, so its rate is lower.")
    assert reading.cells(table, cells, 1e-2).endswith("and is no lower for it.")


def test_summaries_that_mix_in_misses_are_far_from_equal(table):
    told = reading.summaries(table.spread())
    assert "Those that mix in misses are far, those of FMR alone are not." in told


def test_the_audit_sees_alike_faces_and_keeps_quiet_about_parity(pairs, faces, t):
    groupings = (
        (near_and_far(faces), "near", "far", "higher"),
        (np.where(faces.of("person") % 2, "odd", "even"), "odd", "even", None),
    )
    # Finding: shape moves FMR among these people, so nothing "cannot appear" among them.
    near, parity = (
        reading.control(
            group_table(pairs, label, t).contrasts(reference).loc[group],
            group,
            reference,
            expected=expected,
        )
        for label, group, reference, expected in groupings
    )
    assert "saw what was put there" in near and "Rightly, nothing" in parity
    assert "a gap of this size would often be missed" in near


def test_the_linked_population_came_out_as_the_text_and_its_datasheet_say(faces, t):
    linked = data.load("teaching/linked")
    band = linked.groups("tone_band")
    row = group_table(compare_faces(linked), band, t).contrasts("lighter").loc["darker"]
    shapes = shape_distances(linked, band), shape_distances(faces, faces.groups("tone_band"))
    told = words.linked(row, *shapes)
    assert "darker people move apart" in told and "distances within a band change less" in told
    assert "a ratio below about" in told


# ---- every branch of every sentence --------------------------------------------------------------


def row(ratio=1.5, low=0.8, high=2.5, **more):
    """A row of contrasts."""
    line = {"ratio": ratio, "low": low, "high": high, "detectable": 2.2, "p_holm": 0.2}
    return pd.Series({**line, "words": "why", **more}, dtype=object)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (row(), "no difference was shown. That is not 'equal': ratios from 0.80 to 2.50"),
        (row(2, 1.2, 3.1), "a difference, FMR is higher for b"),
        (row(0.5, 0.2, 0.9), "a difference, FMR is lower for b"),
        (row(1.2, math.nan, math.nan), "FMR, b against a: why."),
    ],
)
def test_the_primary_answer_is_the_contrast_and_no_cause(one, said):
    primary = words.primary(Rejections(), one, "b", "a")
    assert primary.startswith("Primary question. FMR of b: 0.2000 [nan, nan]; of a: 0.2000")
    assert said in primary
    assert (words.CAUSE in primary) == ("a difference" in said and "no diff" not in said)


def distances(within, across):
    """Distances of drawn shapes by band."""
    bands = list(within)
    table = pd.DataFrame(10.0, bands, bands)
    for band, value in within.items():
        table.loc[band, band] = value
    table.loc[bands[0], bands[-1]] = table.loc[bands[-1], bands[0]] = across
    return table


@pytest.mark.parametrize(
    ("one", "across", "said"),
    [
        (row(2, 1.2, 3.1), 10.3, "finds a false-match gap"),
        (row(), 10.3, "darker people move apart (+3.0%), and distances within a band change less"),
        (row(), 10.3, "change less (-1.0% to +0.0%)."),
        (row(), 10.0, "though shape IS linked to tone; a ratio below about 2.2 could be missed."),
        (row(1.2, math.nan, math.nan), 10.3, "cannot say whether the linked population has a gap"),
    ],
)
def test_the_linked_population_in_words(one, across, said):
    linked = distances({"lighter": 9.9, "darker": 10.0}, across)
    told = words.linked(one, linked, distances({"lighter": 10.0, "darker": 10.0}, 10.0))
    assert told.startswith("FMR of darker / FMR of lighter" if np.isfinite(one["low"]) else "FMR, ")
    assert said in told and ("shows no gap" in told) == ("no gap" in told)
    assert ("move apart" in told) == (across == 10.3 and one["low"] < 1)
    assert said in told and "within lighter -1.0%, within darker +0.0%" in told
    assert f"from lighter to darker {across / 10 - 1:+.1%}." in told


@pytest.mark.parametrize(
    ("one", "looks", "said"),
    [
        (
            {"ratio": 0.16, "p": 1e-6},
            20,
            "A lighter and a darker person are taken for each other l",
        ),
        (
            {"ratio": 3.0, "p": 1e-6},
            20,
            "A lighter and a darker person are taken for each other mo",
        ),
        ({"ratio": 0.7, "p": 0.01}, 20, "No difference is shown. Only a true ratio of about 0.50"),
        ({"ratio": 0.7, "p": 0.01}, 20, "found four times in five (if it were the only look)."),
        ({"ratio": 0.7, "p": 0.01}, 4, "other bands were not asked about"),
        ({"low": math.nan}, 20, "(mean of the two). why."),
    ],
)
def test_confusion_in_words(one, looks, said):
    """Finding: it was decided by intervals that do not overlap, and spoke of a cause."""
    ends = {"first": "lighter", "last": "darker", "across": 0.0015, "within": 0.01}
    line = {"ratio": 0.15, "low": 0.1, "high": 0.2, "p": 0.5, "detectable": 2.0, "words": "why"}
    told = words.confusion({**ends, **line, **one}, looks)
    assert said in told and "Two people of one of these bands: 0.0100" in told
    assert not re.search("takes tone|part of the face|because", told)
    assert (f"one of {looks} looks" in told) == ("low" not in one)


@pytest.mark.parametrize(
    ("one", "looks", "said"),
    [
        (Interval(0.11, 0.07, 0.15), 20, "Restyling adds more in one half"),
        (Interval(-0.11, -0.15, -0.07), 20, "Restyling adds more in one half"),
        (
            Interval(0.05, 0.01, 0.09, detectable=0.06),
            20,
            "is not shown. Only a true difference of",
        ),
        (Interval(0.05, 0.01, 0.09), 1, "Restyling adds more in one half"),
        (Interval(0.05, words="too few"), 20, "is not known: too few."),
    ],
)
def test_style_in_words(one, looks, said):
    """Finding: two verdicts, one of each kind of pairs, were set beside each other."""
    told = words.style(one, "upper", "lower", looks)
    assert said in told
    missed = (
        f"of about {100 * one.detectable:.1f} of 100 would be found four times in five (if it were"
        " the only look)."
    )
    assert (missed in told) == ("is not shown" in told), "what could have been missed, if it was"


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (row(1.59, 0.94, 2.68), "100 false matches of two a people there would be 200 of two b"),
        (row(0.7, 0.4, 1.2), "100 false matches of two b people there would be 200 of two a"),
        (row(1.2, 0.8, 1.7), ""),
        (row(3, 2.2, 4), ""),
        (row(1.2, math.nan, math.nan), ""),
    ],
)
def test_a_gap_that_could_have_been_missed_is_told_for_people(one, said):
    told = words.primary(Rejections(), one, "b", "a")
    assert said in told and ("twofold" in told) == bool(said)


class Rejections:
    """As much of a group table as the sentences ask for."""

    names = ("lighter", "darker")

    def __getitem__(self, key):
        errors = 20 if key[0] == "lighter" else 40
        return Interval(errors / 200, errors=errors, trials=200)


def rejected(**rows):
    keys = [("dlib", "tone band", "false_rejection", name) for name in rows]
    index = pd.MultiIndex.from_tuples(keys, names=["matcher", "grouping", "rate", "group"])
    found = pd.DataFrame(list(rows.values()), index)
    by_style = dict.fromkeys(("all", "same style", "restyled"), Rejections())
    return words.rejections(Rejections(), found, "lighter", by_style)


def test_rejections_that_differ_are_told_first():
    differs = row(2, 1.4, 2.9, claimed=True, looks=19)
    told = rejected(medium=row(claimed=False, looks=19), darker=differs).split("\n")
    assert told[0] == (
        "Exploratory, adjusted for 19 looks (Holm). Brackets are 95% each, not adjusted; the words"
        " are."
    )
    assert told[1].startswith(
        "People drawn darker were rejected more often than people drawn lighter: 20.0 of 100 times"
        " against 10.0 (40 of 200 pairs of their own photographs, and 20 of 200)"
    )
    assert "2.00 [1.40, 2.90] times as often" in told[1] and told[2] == words.CAUSE
    assert "no difference was shown" in told[3] and told[3].endswith("(if it were the only look).")
    fewer = rejected(medium=row(0.5, 0.3, 0.8, claimed=True, looks=19))
    assert "rejected less often" in fewer


def test_rejections_that_do_not_differ_after_adjusting():
    rest = {"claimed": False, "looks": 19}
    told = rejected(medium=row(**rest), darker=row(1.6, 1.1, 2.4, **rest))
    assert words.CAUSE not in told and told.count("After adjusting it is not shown.") == 1


def styled(same, restyled):
    """Tables by style of one group, from (errors, words) of each kind of pair."""

    class Table(dict):
        names = ("a",)

    def one(errors, words=""):
        return Interval(errors / 900, 0, 1, words=words, errors=errors, trials=900, people=100)

    both = (same[0] + restyled[0],)
    tables = {"all": both, "same style": same, "restyled": restyled}
    return words.styles({k: Table({("a", "false_rejection"): one(*v)}) for k, v in tables.items()})


def test_rejections_by_style_in_words():
    told = styled((2, "too few"), (98,))
    assert told.startswith("Of 100 rejections 98 are of restyled pairs.")
    assert "Of same-style pairs: a 2 of 900: too few for a rate." in told
    assert "almost wholly" in told and told.endswith("too few rejections to compare these groups.")
    told = styled((50,), (50,))
    assert "almost wholly" not in told and "too few" not in told


def test_causes_that_are_open_are_named_alike():
    """Finding: the core left out styling and colours of hair and eyes, the full form did not."""
    source = PROJECT / notebooks.SOURCE / "05_unequal_errors.py"
    core = " ".join(c.text for c in rules.cells(source, "core"))
    for cause in ("Styling", "hair and eye colours", "enderer", "camera", "matcher cannot"):
        assert cause.replace("matcher cannot", "matcher:") in words.CAUSE
        assert cause in " ".join(core.split())


def test_two_published_rows_are_told_apart_by_their_galleries(table):
    """Finding: two searches with one system stood there alike in every column shown."""
    from labkit import published

    npl = {"study": ["NPL 2023, for the police"], "statistic": "fpir"}
    beside = published.compare(table, "live_trials", rows=npl, system="dlib")
    theirs = beside[beside["where"] == "published"]
    assert theirs["gallery"].tolist() == [10_000, 1_000]
    source = (PROJECT / notebooks.SOURCE / "05_unequal_errors.py").read_text(encoding="utf-8")
    assert "system,gallery,verified" in source


def test_the_explorer_is_read_with_the_numbers_of_the_group_table(table):
    told = words.explorer(table)
    for name in BANDS:
        assert f"{name} {table[name, 'fmr'].short()}" in told
        assert f"{name} {table[name, 'false_rejection'].short()}" in told


# ---- the population in which one band is more alike ----------------------------------------------


def counted(true=(3.0, 2.6, 3.5), plain=(1.0, 0.8, 1.2)):
    """What was counted of a band that was narrowed, and of the same people not narrowed."""
    columns = ["ratio", "ratio_low", "ratio_high"]
    lines = [(math.nan,) * 3, true, plain]
    table = pd.DataFrame(lines, ["lighter", "medium", "medium, not narrowed"], columns)
    return table.assign(people=1000)


FOUND = "The audit sees what was put there"
HOLDS, DOES_NOT = "interval holds it.", "interval does not hold it, as one in twenty does not."
MAKES, OPEN = "it is the narrowing that makes the gap.", "not shown that the narrowing makes the"


@pytest.mark.parametrize(
    ("one", "numbers", "said"),
    [
        (row(3.2, 2.1, 4.5), {}, (FOUND, HOLDS, MAKES)),
        (row(1.5, 1.2, 2.5), {}, ("Found this time", DOES_NOT, MAKES)),
        (row(1.5, 0.8, 3.1), {}, ("THE AUDIT MISSED WHAT WAS PUT THERE", HOLDS, MAKES)),
        (row(0.5, 0.3, 0.8), {}, ("In the WRONG DIRECTION: higher", DOES_NOT, MAKES)),
        (row(3.2, math.nan, math.nan), {}, ("MISSED", "3.00 [2.60, 3.50]. The same", MAKES)),
        (row(3.2, 2.1, 4.5), {"plain": (2.5, 2.2, 2.9)}, (FOUND, HOLDS, OPEN)),
        (row(3.2, 2.1, 4.5), {"plain": (4.5, 4.2, 4.9)}, (FOUND, HOLDS, OPEN)),
        (row(0.3, 0.2, 0.5), {"true": (0.3, 0.2, 0.4)}, (FOUND, HOLDS, MAKES)),
        (row(3.2, 2.1, 4.5), {"true": (1.1, 0.9, 1.3)}, ("so this control says nothing.",)),
    ],
)
def test_the_narrowed_band_in_words(one, numbers, said):
    """Finding: 05 had no control that was bound to be found; each way its result can fall."""
    told = words.narrow(one, counted(**numbers), "medium", "lighter")
    for text in ("Counted among 2,000 further people: ", *said):
        assert text in told
    others = {FOUND, HOLDS, DOES_NOT, MAKES, OPEN} - set(said)
    assert not [text for text in others if text in told]


@pytest.mark.parametrize("name", ["dlib", "SFace"])
def test_the_narrowed_band_is_found_as_the_sentence_says(name):
    people = data.load("teaching/narrow")
    dev = data.load("anytown/dev")
    cells = threshold_cells(dev)
    chosen = choose_threshold(compare_faces(dev, name), 1e-2, cells=cells).value
    bands = group_table(compare_faces(people, name), people.groups("tone_band"), chosen)
    one = bands.contrasts("lighter").loc["medium"]
    told = words.narrow(one, data.counted("narrow").loc[name], "medium", "lighter")
    assert FOUND in told and HOLDS in told and MAKES in told


def shifted(true=(0.7, 0.5, 0.9), low=0.010, high=0.014):
    """What was counted of the linked people: the ratio, and the reference's own rate."""
    table = counted(true).rename({"medium": "darker"})
    return table.assign(people=500, fmr=(low + high) / 2, fmr_low=low, fmr_high=high)


@pytest.mark.parametrize(
    ("one", "numbers", "said"),
    [
        (row(0.8, 0.5, 1.4), {}, ("which an audit of so few people missed", "can change the rate")),
        (row(0.8, math.nan, math.nan), {}, ("of so few people missed", "can change the rate")),
        (row(0.6, 0.4, 0.9), {}, ("and the audit found it", "can change the rate")),
        (row(2.0, 1.4, 2.9), {}, ("In the WRONG DIRECTION", "can change the rate")),
        (row(0.8, 0.5, 1.4), {"true": (1.0, 0.8, 1.2)}, ("no gap either", "can change the rate")),
        (row(0.6, 0.4, 0.9), {"true": (1.0, 0.8, 1.2)}, ("does not show", "can change the rate")),
        (row(), {"low": 0.005, "high": 0.009}, ("missed", "changes it is not shown")),
        (row(), {"low": 0.001, "high": 0.002}, ("missed", "can change the rate")),
    ],
)
def test_what_was_counted_of_the_linked_people_in_words(one, numbers, said):
    """Finding of ours: the page said that a shift changes no rate within a band; counting says
    that it does, and that the audit missed it."""
    plain = counted().assign(fmr=0.006, fmr_low=0.005, fmr_high=0.007)
    told = words.linked_truth(one, shifted(**numbers), plain, "darker", "lighter")
    assert told.startswith("Counted among 1,000 further linked people: ")
    for text in said:
        assert text in told
    assert ("without." in told) and told.count("0.0060 without") == 1
