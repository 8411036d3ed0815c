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
from labkit.measure.shapes import near_and_far
from labkit.measure.thresholds import choose_threshold
from labkit.views import plots
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
    assert "cells, thresholds, tables, rows = measure.threshold_cells(dev), {}, {}, {}" in source
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
        "words.headline(",
        "words.rejections(",
        "reading.others(",
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
    told = reading.confusion(row, looks["looks"].max())
    assert told.startswith("One lighter and one darker person: FMR ")
    assert "A lighter and a darker person are taken for each other less often" in told


def test_nearly_all_rejections_are_of_restyled_pairs(pairs, faces, t, looks):
    """Finding: 1,326 of 1,339 rejections were, and the headline about rejections did not say so."""
    by_style = groups.by_style(pairs, faces.groups("tone_band"), t)
    all_of, restyled = (
        sum(by_style[which][band, "false_rejection"].errors for band in BANDS)
        for which in ("all", "restyled")
    )
    told = words.details(looks, "lighter", by_style)
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
    assert "Found this time, as expected" in near and "Rightly, nothing" in parity
    assert "a gap of this size would often be missed" in near


ENDS = ("darker", "lighter")


def counted_by_dlib(name):
    return data.counted(name).loc["dlib"]


def test_the_linked_population_came_out_as_the_text_and_its_datasheet_say(t):
    linked = data.load("teaching/linked")
    band = linked.groups("tone_band")
    row = group_table(compare_faces(linked), band, t).contrasts("lighter").loc["darker"]
    told = words.linked(row, *(counted_by_dlib(n) for n in ("linked", "narrow")), *ENDS)
    assert told.startswith(reading.contrast(row, *ENDS))
    assert "no difference was shown" in told and "an audit of so few people missed" in told
    assert "a shift of the average face alone can change the rate within a group" in told
    source = PROJECT / notebooks.SOURCE / "05_unequal_errors.py"
    said = " ".join(" ".join(rules.prose(source)).split())
    assert (
        "first thought that such a shift must change the rate within a band, then that it could not"
        in said
    )


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
    primary = words.primary(one, "b", "a")
    assert primary.startswith(reading.contrast(one, "b", "a")) and said in primary
    assert (words.CAUSE in primary) == ("a difference" in said and "no diff" not in said)


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
        (row(1.59, 0.94, 2.68), "200 false matches of two b people for every 100 of two a"),
        (row(0.7, 0.4, 1.2), "200 false matches of two a people for every 100 of two b"),
        (row(1.2, 0.8, 1.7), ""),
        (row(3, 2.2, 4), ""),
        (row(1.2, math.nan, math.nan), ""),
    ],
)
def test_a_gap_that_could_have_been_missed_is_told_for_people(one, said):
    told = words.primary(one, "b", "a")
    assert said in told and ("twofold" in told) == bool(said)


class Rejections:
    """As much of a group table as the sentences ask for."""

    names = ("lighter", "darker")

    def __getitem__(self, key):
        errors = 20 if key[0] == "lighter" else 40
        return Interval(errors / 200, errors=errors, trials=200)


def contrasts(rate="false_rejection", **rows):
    """Contrasts of dlib by tone band, a row for each band."""
    keys = [("dlib", "tone band", rate, name) for name in rows]
    index = pd.MultiIndex.from_tuples(keys, names=["matcher", "grouping", "rate", "group"])
    return pd.DataFrame(list(rows.values()), index)


CLAIMED, OPEN = ({"claimed": claimed, "looks": 19} for claimed in (True, False))


def test_rejections_that_differ_are_told_with_the_looks_and_no_cause():
    found = contrasts(medium=row(**OPEN), darker=row(2, 1.4, 2.9, **CLAIMED))
    told = words.rejections(Rejections(), found, "lighter")
    assert told == (
        "People drawn darker were rejected 2.00 [1.40, 2.90] times as often as people drawn"
        " lighter: 20.0 of 100 times against 10.0.\nThis holds after adjusting for 19 looks."
        f" {words.CAUSE}"
    )
    fewer = words.rejections(
        Rejections(), contrasts(medium=row(0.5, 0.3, 0.8, **CLAIMED)), "lighter"
    )
    assert "were rejected less often, 0.50 [0.30, 0.80] times as often as people dr" in fewer


def test_rejections_that_do_not_differ_after_adjusting():
    found = contrasts(medium=row(**OPEN), darker=row(1.6, 1.1, 2.4, **OPEN))
    told = words.rejections(Rejections(), found, "lighter")
    assert told == "False rejection: after adjusting for 19 looks no band is told apart."


def test_bands_that_are_not_told_apart_are_told_with_what_was_missed():
    found = contrasts(medium=row(**OPEN), darker=row(1.6, 1.1, 2.4, **OPEN))
    told = words.details(found, "lighter", styles((50,), (50,))).split("\n")
    assert "no difference was shown" in told[0] and told[0].endswith("(if it were the only look).")
    assert told[1].endswith("higher for darker. After adjusting it is not shown.")
    assert told[2].startswith("Of 100 rejections") and len(told) == 3
    assert words.CAUSE not in " ".join(told)
    every = words.details(contrasts(darker=row(2, 1.4, 2.9, **CLAIMED)), "a", styles((9,), (9,)))
    assert every.startswith("Every band's false rejection is told apart from a.\n")


@pytest.mark.parametrize(
    ("rejections", "matches", "said"),
    [
        (
            CLAIMED,
            OPEN,
            "Rejections differ (b 2.00 times a). False matches: no difference shown",
        ),
        (
            OPEN,
            CLAIMED,
            "Rejections: no difference shown. False matches differ (b 2.00 times a)",
        ),
        (OPEN, OPEN, "Rejections: no difference shown. False matches: no difference shown"),
    ],
)
def test_the_headline_of_the_figure_says_what_became_of_each_rate(rejections, matches, said):
    one, other = (row(2, 1.4, 2.9, **claim) for claim in (rejections, matches))
    looks = pd.concat([contrasts("false_rejection", b=one), contrasts("fmr", b=other)])
    assert words.headline(looks, "a") == said


def styles(same, restyled):
    """Tables by style of one group, from (errors, words) of each kind of pair."""

    class Table(dict):
        names = ("a",)

    def one(errors, words=""):
        return Interval(errors / 900, 0, 1, words=words, errors=errors, trials=900, people=100)

    both = (same[0] + restyled[0],)
    tables = {"all": both, "same style": same, "restyled": restyled}
    return {k: Table({("a", "false_rejection"): one(*v)}) for k, v in tables.items()}


def test_rejections_by_style_in_words():
    found = contrasts(b=row(2, 1.4, 2.9, **CLAIMED))
    told = words.details(found, "a", styles((2, "too few"), (98,))).split("\n")[1]
    assert told.startswith("Of 100 rejections 98 are of restyled pairs.")
    assert "Of same-style pairs: a 2 of 900: too few for a rate." in told
    assert "almost wholly" in told and told.endswith("too few rejections to compare these groups.")
    told = words.details(found, "a", styles((50,), (50,)))
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
    sheet, _alt, _numbers = plots.published(beside)
    for many in theirs["gallery"]:
        assert f"gallery of {many:,}" in sheet.body


# ---- the population in which one band is more alike ----------------------------------------------


@pytest.mark.parametrize("name", ["dlib", "SFace"])
def test_the_narrowed_band_is_found_as_the_sentence_says(name):
    people = data.load("teaching/narrow")
    dev = data.load("anytown/dev")
    cells = threshold_cells(dev)
    chosen = choose_threshold(compare_faces(dev, name), 1e-2, cells=cells).value
    bands = group_table(compare_faces(people, name), people.groups("tone_band"), chosen)
    one = bands.contrasts("lighter").loc["medium"]
    told = reading.known(name, one, data.counted("narrow").loc[name], "medium", "lighter")
    assert "Found, as expected: " in told and "The audit's interval holds it." in told
    assert "So it is the narrowing that makes the gap." in told


def shifted(true=(0.7, 0.5, 0.9), low=0.010, high=0.014):
    """What was counted of the linked people: the ratio, and the reference's own rate."""
    columns = ["ratio", "ratio_low", "ratio_high"]
    table = pd.DataFrame([(math.nan,) * 3, true], ["lighter", "darker"], columns)
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
    plain = shifted(low=0.005, high=0.007)
    told = words.linked(one, shifted(**numbers), plain, "darker", "lighter")
    audit = reading.contrast(one, "darker", "lighter")
    assert told.startswith(f"{audit}\nCounted among 1,000 further linked people: ")
    for text in said:
        assert text in told
    assert told.count("0.0060 without.") == 1
    assert told.endswith("how much of their ratio the link makes is open.")
