# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] tags=["core"]
# # Unequal errors
#
# **Minutes:** core 20, full 80
#
# **Kind:** working
#
# **You will**
#
# - write the question down before you see a result, and answer that one
# - measure errors group by group, at one threshold, with intervals by people
# - say what a table supports, what it could have missed, and what it cannot show at all
#
# **You need** FMR and FNMR (notebook 03) and the interval by people (notebook 04).
#
# **Before this**, notebook 04 showed how little a few people can say. Here the people come in
# groups.

# %% tags=["core"]
import numpy as np
import pandas as pd
from IPython.display import display

from labkit import check, data, journal, matchers, measure, predict, published, result, say, views
from labkit.measure import reading
from labkit.views import caption, explorers, finding, limit, plots
from lessons.nb05 import words

pd.options.display.max_colwidth = None  # no cell of a table is cut off

# %% [markdown] tags=["core"]
# ## The question comes first
#
# Several matchers, three ways to group people, four rates: whoever looks at all of it finds
# *something* that differs, by luck. So a [protocol](glossary.md#protocol) names **one** [primary
# question](glossary.md#primary-question) and a [reference group](glossary.md#reference-group)
# before any result. Everything else on this page is [exploratory](glossary.md#exploratory): worth
# reporting, to be repeated on other people, and held to a stricter measure the more often one looks
# ([Holm](glossary.md#Holm)). "Reference" means what others are compared with, not what is normal.
#
# A [tone band](glossary.md#tone-band) is a range of drawn skin tones: lighter, medium or darker.
# [Presentation](glossary.md#presentation) is one number by which face, hair and clothes were drawn;
# its two halves are called lower and upper. Neither is a race or a gender.

# %% tags=["core"]
protocol = {
    "primary question": "Does the FMR of dlib differ between the darker and the lighter band?",
    "group": "darker",
    "reference": "lighter",
    "threshold": "mean FMR of 1e-2 within tone band x presentation, chosen on dev",
    "people": "eval: 160 in each band, 6 photographs each",
    "a difference": "the 95% interval of the ratio, by people, leaves out 1",
    "all else": "exploratory: every contrast but the controls, adjusted together (Holm)",
}
journal.keep("05-protocol", protocol)

# %% [markdown] tags=["core"]
# The authors had seen numbers from these people, and notebooks 03 and 04 report on the same people
# of eval: three looks at **one** sample, which do not confirm each other. So here the protocol
# shows the form only. A real one is dated, and tested on people at whom nobody has looked.
#
# ## One threshold for everybody
#
# dlib stands beside SFace, a second network trained on photographs, and three of notebook 02 that
# learned from other drawn people: Eigenfaces, Fisherfaces and AnytownNet.
#
# Each gets one threshold, by one rule: on `dev`, count the FMR in each of six cells (three bands x
# two halves) and take the mean of the six; it is to be 0.01. So no large cell counts for more. (03
# and 04 took all pairs of people.) The next cell takes some seconds.

# %% tags=["core"]
dev, test = data.load("anytown/dev"), data.load("anytown/eval")
band, half = test.groups("tone_band"), test.groups("presentation_half")
cells, thresholds, tables, rows = measure.threshold_cells(dev), {}, {}, {}
for entry in matchers.offline():
    name = entry.name
    chosen = measure.choose_threshold(measure.compare_faces(dev, name), 1e-2, cells=cells)
    pairs = measure.compare_faces(test, name)
    for grouping, groups in (("tone band", band), ("presentation", half)):
        tables[name, grouping] = measure.group_table(pairs, groups, chosen.value)
    thresholds[name] = chosen.value
    rows[name] = [chosen.text, f"{chosen.mean_within:.4f}", f"{chosen.measured:.4f}"]
views.table(pd.DataFrame(rows, index=["threshold", "FMR within cells", "FMR, all pairs"]).T)

# %% [markdown] tags=["core"]
# Over all pairs the rate is lower, because most of those pairs come from two different cells. A
# threshold is an estimate, too: on other people it would come out a little differently.
#
# ## The one question
#
# **Predict before you look:** the FMR of dlib in the darker band, divided by that in the lighter
# band. 1 means equal, 2 twice as many, 0.5 half as many.

# %% tags=["core"]
guess = ...
predict("05-ratio", guess, low=0)

# %% [markdown] tags=["core"]
# Two intervals that overlap are not a test of a difference. The [contrast](glossary.md#contrast)
# divides the two rates and asks how far other people would have moved the result.

# %% tags=["core"]
t, table, pairs = thresholds["dlib"], tables["dlib", "tone band"], measure.compare_faces(test)
asked = ("dlib", "tone band", "fmr", protocol["group"])
references = {"tone band": protocol["reference"], "presentation": "lower"}
looks = measure.looks(tables, references, primary=asked, more=2)  # two more in the full form
result("05-ratio", looks.loc[asked, "ratio"])
finding(words.primary(looks.loc[asked], protocol["group"], protocol["reference"]))
limit(data.limits())

# %% [markdown] tags=["core"]
# What was not shown to differ belongs in a report together with the ratio that would have been
# [found four times in five](glossary.md#detectable).
#
# ## The group table
#
# From here on everything is exploratory. For each band: [FTA](glossary.md#FTA), photographs in
# which no face was found; [false rejection](glossary.md#false-rejection), pairs of one person's
# photographs that were missed **or** lost because no face was found; [FMR](glossary.md#FMR), with
# **both** people in the band. "Restyled" and "same style" ([styling](glossary.md#styling)) say
# which photographs of one person are compared.

# %% tags=["core"]
by_style, who = measure.by_style(pairs, band, t), plots.invented(pairs.people_count)
title = words.headline(looks, protocol["reference"])
plots.show(*plots.group_rates(table, styles=by_style, title=title, footer=who))
finding(words.rejections(table, looks, protocol["reference"]))
say(reading.others(looks, asked))

# %% [markdown] tags=["core"]
# Each contrast is a look: FMR and false rejection, by tone band and presentation, for every
# matcher. FTA, styles and the six cells are shown, not compared.
#
# ## Look around
#
# Choose the pairs of one person, the groups and the rate, and move the threshold. A group with too
# few errors for a rate keeps its row, with a hollow dot and the reason.

# %% tags=["core"]
cell = measure.threshold_cells(test)
groupings = {"tone band": band, "presentation": half, "tone band x presentation": cell}
shown = {
    "dlib, all pairs": pairs,
    "dlib, same style": pairs.mated_only("same style"),
    "dlib, restyled": pairs.mated_only("restyled"),
}
explorers.groups(shown, groupings, thresholds=dict.fromkeys(shown, t), named="Pairs")

# %% [markdown] tags=["core"]
# ## Who is taken for whom?
#
# Behind each false match are two faces. These are the six pairs of people that dlib scores highest.
# In real data they are the first thing to look at: is it one person under two names?

# %% tags=["core"]
plots.show(*plots.confused(pairs, test, threshold=t))

# %% [markdown] tags=["core"]
# ## Exercise 05-a: whose rate is it?
#
# Every comparison of two people has two ends. Here each row says in which bands the two people are.

# %% tags=["core"]
small = measure.confusion_counts(pairs, band, t)
views.table(small)

# %% [markdown] tags=["core"]
# **Exercise 05-a (check).** What is dlib's FMR of the darker band? Six rows stand above: which of
# them count, and what is divided by what? `small.loc[("lighter", "darker"), "comparisons"]` reads
# one number (use the two names as a row shows them). Write numbers without commas.

# %% tags=["core", "exercise"]
answer = ...
darker_fmr = check("05-a", answer).value

# %% [markdown] tags=["solution"]
# Both people have to be in the band, so one row counts, and its false matches are divided by its
# comparisons. Adding the rows with *one* darker person gives a much smaller rate: a lighter and a
# darker person are rarely confused here. That is a rate worth knowing, under a name of its own
# ("against everyone"), but comparing it between groups mixes how a group is served with who else is
# in the data.

# %% tags=["core", "solution"]
both = small.loc[("darker", "darker")]
answer = both["false matches"] / both["comparisons"]
darker_fmr = check("05-a", answer).value

# %% [markdown]
# ## Every matcher
#
# One figure for each rate; then of which pairs dlib's rejections are, and your ballot.

# %%
from labkit.learning.ballot import open_ballot

by_band = {name: tables[name, "tone band"] for name in thresholds}
for rate, title in (("fmr", "FMR"), ("false_rejection", "False rejection")):
    told = reading.claims(looks, "tone band", rate)
    plots.show(*plots.groups(by_band, rate=rate, title=told, footer=who))
    say(f"{title}. {reading.matchers(looks, 'tone band', protocol['reference'], rate)}")
say(words.details(looks, protocol["reference"], by_style))
guessed = looks.loc[("dlib", "tone band", "false_rejection", "darker"), "ratio"]
open_ballot("d", guessed.round(2), f"darker {guessed:.2f} times as often as lighter")
caption(data.limits(short=True))

# %% [markdown]
# No matcher was told a tone. Where false matches differ by more than luck all the same, what tone
# does to a picture, or the hair and eye colours that go with it, must have come in. Eigenfaces
# and Fisherfaces see how a face differs from an average face, which has a tone; a later notebook
# tests what that does.
#
# ## Presentation, and how people are styled
#
# Beards are redrawn for some drawings and long hair for others, so restyling changes more in one
# half of `presentation` than in the other. **Part of any gap between the halves was built by
# whoever wrote the styling.** So [same-style](glossary.md#styling) pairs, in which both photographs
# keep hair, beard and glasses, stand apart.

# %%
by_style = measure.by_style(pairs, half, t)
display(views.table(by_style["all"].show(columns=["people", "FTA", "FMR"])))
rejected = {which: part.show()["false rejection"] for which, part in by_style.items()}
display(views.table(pd.DataFrame(rejected)))
for rate, title in (("false_rejection", "False rejection"), ("fmr", "FMR")):
    say(f"{title}. {reading.matchers(looks, 'presentation', 'lower', rate)}")
added = measure.style_difference(by_style, "upper", "lower")
finding(words.style(added, "upper", "lower", looks["looks"].max()))

# %% [markdown]
# The six cells invite picking the worst. Here they are, with what luck does to "worst over best".

# %%
by_cell = measure.group_table(pairs, cell, t)
say(reading.spread(by_cell.spread(), by_cell))
say(reading.cells(by_cell, table, 1e-2))
views.table(by_cell.show(columns=["people", "FTA", "FNMR", "false rejection", "FMR"]))

# %% [markdown]
# ## Exercise 05-b: lost faces are errors
#
# FNMR counts only comparisons that were made. A camera that loses faces loses its hardest
# comparisons, and its FNMR looks better. On `eval` hardly a face was lost. Here are drawn people at
# one deep tone under a poor camera exposed for light skin (a later notebook asks what it does);
# threshold as before.

# %%
faces = data.load("counterfactual/paired")
here = (faces.of("camera") == "light-metered noisy") & (faces.of("tone") == 0.9)
poor = measure.all_pairs(faces.templates[here], faces.of("person")[here], "euclidean")
counts = measure.mated_summary(poor, t)
views.table(counts.to_frame("count"))

# %% [markdown]
# **Exercise 05-b (check).** What is the false rejection rate, failures included? Planned pairs were
# to be compared; some could not be.

# %% tags=["exercise"]
answer = ...
rejected = check("05-b", answer).value

# %% [markdown] tags=["solution"]
# A planned pair is rejected when it was lost or when it was missed. Photographs and pairs must not
# be added: a person has four photographs and six pairs, and one photograph without a face takes
# three pairs with it. This is the rate to compare between groups, cameras and remedies.

# %% tags=["solution"]
lost = counts["mated pairs planned"] - counts["mated pairs compared"]
answer = (lost + counts["compared and missed"]) / counts["mated pairs planned"]
rejected = check("05-b", answer).value

# %% [markdown]
# ## Which groups are confused?
#
# A false match has two people, so groups have a map of [confusion](glossary.md#confusion-by-group),
# with the group's own FMR on the diagonal.

# %%
about = "dlib, FMR by the groups of the two people"
plots.show(*plots.confusion(measure.confusion(pairs, cell, t), about=about, footer=who))
finding(reading.confusion(measure.across_within(pairs, band, t), looks["looks"].max()))
caption(data.limits(short=True))

# %% [markdown]
# ## One number for many groups
#
# Summaries squeeze the table into one number and claim nothing. Each stands
# beside what it would be [if the groups were equal](glossary.md#null-value), because then most of
# them are not at their perfect value.

# %%
spread = table.spread()
say(reading.spread(spread, table))
say(reading.summaries(spread))
views.table(reading.spread_table(spread), 4)

# %% [markdown]
# [GARBE](glossary.md#GARBE) (Howard and others, 2022), the [Inequity
# Rate](glossary.md#inequity-rate) and [FDR](glossary.md#FDR) (de Freitas Pereira and Marcel, 2021)
# mix both errors; `alpha` says how much FMR counts, and its value is a choice. And each summary has
# a case in which it misleads:

# %%
from labkit.measure import fdr, garbe, inequity_rate, max_geomean, max_min

same = [0.02, 0.02]  # an FNMR that does not differ
cases = {
    "max/min: 1 and 2 errors in 1,000": max_min([1e-3, 2e-3]),
    "max/geomean: 1 of 2 groups at ten times the rate": max_geomean([0.1, 0.01]),
    "max/geomean: 1 of 8 groups at ten times the rate": max_geomean([0.1] + [0.01] * 7),
    "GARBE: FMR 0, 0, 0 and 1e-4": garbe([0, 0, 0, 1e-4], same * 2),
    "Inequity Rate: FMR 0 and 1e-2": inequity_rate([0, 1e-2], same),
    "FDR: FMR 1e-5 and 5e-4, fifty times": fdr([1e-5, 5e-4], same),
    "FDR: FMR .04 and .06, one and a half times": fdr([0.04, 0.06], same),
}
views.table(pd.Series(cases).to_frame("value"), 5)

# %% [markdown]
# One error doubles max/min. The same gap gives max/geomean two values. One error puts the FMR part
# of GARBE at its maximum. One group without an error leaves the Inequity Rate undefined. And FDR, 1
# when all is equal, likes a fifty-fold gap better than a small one, so long as both rates are low.
#
# ## Is the audit blind?
#
# "Not shown to differ" means little unless the audit can see. So it is given groups whose answer is
# known. Odd and even person numbers: nothing to find. People whose drawn faces lie near the average
# or far from it: near ones should be more alike (not counted). And the [positive
# control](glossary.md#positive-control): in the population *narrow* the faces of the medium band
# vary less; how much more often they are falsely matched was counted among 2,000 others. It was
# made strong enough to be found 95 times in 100: a miss would show that the audit is blind, a hit
# says nothing of gaps below about twofold. Last, *linked*: the average face moves with tone.
# Neither stands for a real group.

# %%
def gap(faces, groups, group, reference, name="dlib"):
    table = measure.group_table(measure.compare_faces(faces, name), groups, thresholds[name])
    return table.contrasts(reference).loc[group]


odd, near = np.where(test.of("person") % 2, "odd", "even"), measure.near_and_far(test)
say(reading.control(gap(test, odd, "odd", "even"), "odd", "even", expected=None))
say(reading.control(gap(test, near, "near", "far"), "near", "far", expected="higher"))
narrow, linked = data.load("teaching/narrow"), data.load("teaching/linked")
for name in ("dlib", "SFace"):
    row = gap(narrow, narrow.of("tone_band"), "medium", "lighter", name)
    say(reading.known(name, row, data.counted("narrow").loc[name], "medium", "lighter"))
counted, ends = [data.counted(n).loc["dlib"] for n in ("linked", "narrow")], ("darker", "lighter")
say(words.linked(gap(linked, linked.of("tone_band"), *ends), *counted, *ends))

# %% [markdown]
# The authors first thought that such a shift must change the rate within a band, then that it could
# not. What is alike to a matcher has to be counted, not argued.
#
# ## What a general tool sees
#
# Fairlearn's `MetricFrame` (Bird and others, 2020) takes rows: here impostor comparisons within a
# band, of the portraits only, to keep it quick. The share "selected" is FMR.

# %%
from fairlearn.metrics import MetricFrame, selection_rate

portrait = test.of("photo") == 0
portraits = pairs.select(portrait)
rows = measure.impostor_rows(portraits, band[portrait], t)
frame = MetricFrame(
    metrics=selection_rate, y_true=0 * rows["match"], y_pred=rows["match"],
    sensitive_features=rows["group"],
)
own = measure.group_table(portraits, band[portrait], t)
views.table(measure.beside_rows(frame, own))

# %% [markdown]
# The rates agree. What it misses: a comparison is two people, not a row, so an interval by rows
# takes comparisons for independent; comparisons across bands and lost pairs fit no row; `ratio()`
# picks best and worst after looking.
#
# ## Exercise 05-c: the headline
#
# **Exercise 05-c (choose).** Which of these do dlib's tables of tone bands and of the six cells
# support? More than one does: give the name of one, or of several as a list, such as `["equal",
# "fair"]`. Each option is answered. Before you run it, say for one that you reject what is
# missing.
#
# - `'equal'`: "The matcher makes false matches equally often at all skin tones."
# - `'misses'`: "Of these invented people, those drawn darker were rejected more often by this
#   matcher. Why is not known."
# - `'open'`: "Whether this matcher's false matches differ by tone was not settled: these people
#   are too few to rule out a twofold difference."
# - `'worst'`: "The worst-served of six groups has nearly twice the false matches of the best, so
#   it serves one group worse."
# - `'races'`: "Test shows: face recognition fails Black people more often."
# - `'fair'`: "Independent audit finds no bias in face recognition."

# %% tags=["exercise"]
answer = ...
check("05-c", answer)

# %% [markdown] tags=["solution"]
# Two are supported: one says what was found, one what was left open. The others go wrong in four
# ways worth knowing by name: taking "not shown" for "equal", picking the worst after looking,
# taking a drawing parameter for a race, and taking one matcher on drawn faces for all of face
# recognition.

# %% tags=["solution"]
from labkit.learning import catalogue

answer = "open"
check("05-c", answer)

print("\nWhat each headline is answered with:")
for option, told in catalogue.answered("05-c").items():
    say(f"\n{option}: {told}")

# %% [markdown]
# ## The published record beside ours
#
# Ask of each figure **what it counts**, on which data, and how it was checked. Gender Shades and
# Actionable Auditing tested **gender classification**: a program guesses a gender from one
# picture, and no face is compared with another. NIST tested **recognition**; its factors belong
# to the data set that stands beside them. Then come NPL's tests of police systems, and a maker's
# own table. No row may be divided by another: ours counts comparisons, NPL counts **searches**,
# and the maker counts pairs **accepted** (higher is better), apparently at a threshold of each
# group's own.

# %%
rows, when = {"statistic": "classification_error"}, "tests of 2017 and 2018; products changed since"
for study in ("gender_shades", "actionable_auditing"):
    plots.show(*plots.published(published.show(study, rows=rows), about=when))
plots.show(*plots.published(published.show("nist")))
for study in ("NPL 2023, for the police", "NPL 2025, for the Home Office"):
    rows = {"study": study, "statistic": "fpir"}
    beside = published.compare(table, "live_trials", statistic="fmr", rows=rows, system="dlib")
    plots.show(*plots.published(beside))
rows = {"statistic": "tar"}
beside = published.compare(table, "vendors", statistic="fnmr", rows=rows, system="dlib")
plots.show(*plots.published(beside))

# %% [markdown]
# NIST and NPL measured real people, so our rows neither support theirs nor contradict them. NPL's
# test of 2023 found no significant difference between ethnic groups at one setting, and found
# some at lower ones: "not significant" is not "none".

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - Anything about real people, or about dlib on real people. NIST IR 8280 also found, for some
#   algorithms that search one face among many, differences too small to detect. Here two faces are
#   compared. Which matcher has differences has to be measured, one by one.
# - False-match differences from face shape or ancestry: they were left out when the people were
#   drawn.
# - Why rejections differ. Styling, hair and eye colours, renderer, camera and matcher cannot be
#   told apart here; a later notebook tries.
# - Other thresholds. At lower FMRs these people are too few to compare groups.
#
# ## Key points
#
# - Question, reference and threshold first; everything else is exploratory and says so.
# - FMR of a group counts pairs with both people in it; false rejection counts lost faces.
# - "Not shown to differ" goes with the ratio that could have been missed.
# - The table is the headline.

# %% [markdown] tags=["core"]
# ## Talk about it
#
# A vendor says: "No significant difference in false matches." A person who was falsely matched
# says: "It happened to me." Can both be right? What would you ask each of them for?
#
# ## Next
#
# A later notebook asks why: one cause at a time, each with a control.
