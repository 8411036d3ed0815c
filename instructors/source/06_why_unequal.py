# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] tags=["core"]
# # Why unequal?
#
# **Minutes:** core 20, full 80
#
# **Kind:** working
#
# **You will**
#
# - change one thing, leave all else alone, and read what follows
# - tell training, origin and camera apart as causes, each with a control
# - design an experiment that changes one thing, and say how many people it takes
#
# **You need** errors by group (notebook 05).
#
# **Before this**, notebook 05 found that errors differ between groups, and could not say why.

# %% tags=["core"]
import pandas as pd
from IPython.display import display

from labkit import check, data, experiment, predict, result, say, views
from labkit.experiment import camera, confounded, enrolment, mix_words, mixes, origin, unseen
from labkit.views import explorers, finding, limit, plots
from lessons.nb06 import words

pd.options.display.max_colwidth = None  # no cell of a table is cut off

# %% [markdown] tags=["core"]
# ## Two answers that everybody has
#
# "**It is the data.** The machine learned from the wrong people. Balance the data, and the errors
# are equal." And: "**It is not the data.** A darker picture carries less signal, and no training
# changes that."
#
# Both speak of causes. A table of errors cannot decide between them, an
# [intervention](glossary.md#intervention) can: change **one** thing and nothing else, and look
# whether the errors move. With photographs of real people a mix hardly ever changes alone: other
# people bring other cameras, ages and years. Invented people can be drawn again, with nothing else
# changed. A [tone band](glossary.md#tone-band) is a drawing parameter.
#
# ## Who was in the training
#
# The lab trained small networks from nothing, on drawn people who are in no other set. Each learned
# from 640 people; only the **mix** differs, from nine lighter people for each darker one (90:10)
# through 50:50 to the reverse (10:90). So the *share* of a band and the *number* of its people move
# together, and cannot be told apart here. Nobody of the medium band took part. Each mix was trained
# three times, with *other people* and other first weights. Then all networks met the same people of
# eval, 160 in each band, each with one threshold for everybody, chosen on dev by the rule of 05.
#
# **Predict before you look:** in the networks of 90:10, the FMR of the darker band divided by that
# of the lighter one. 1 means equal, 2 twice as many, 0.5 half as many.

# %% tags=["core"]
guess = ...
predict("06-mix", guess, low=0)

# %% [markdown] tags=["core"]
# Left are false matches, right [false rejections](glossary.md#false-rejection). Each small dot is
# one training; the upright lines say how far other test people *and* other trainings would have
# moved the mean.

# %% tags=["core"]
study = mixes.study()
plots.show(*plots.errors_by_mix(study))
result("06-mix", study.mean_gap("90-10").ratio)
finding(words.mix(study))

# %% [markdown] tags=["core"]
# ## But you only moved the origin
#
# A good objection. Similarity is an angle, and an angle has an [origin](glossary.md#origin): the
# mean of the people learned from. Whoever was rare may lie far from it, all in one direction, and
# so look alike. (So it is in these networks; others have other means.) Here is what the way from
# 90:10 to 10:90 does to the other error: first as trained, then with the origin moved to the mean
# of balanced people. Nothing is trained again.

# %% tags=["core"]
say(words.missed(study))

# %% [markdown] tags=["core"]
# ## And with balance?
#
# 50:50, and a third of each band, at two sizes. `factor found` is the true factor that would be
# found four times in five, if it were the only look. All networks meet the same people, so what
# they share may be these people's. Below it the control that *cannot* matter: nine in ten people
# have an odd number, which nothing in a picture depends on. What moves there is luck, or a fault.

# %% tags=["core"]
display(views.table(mix_words.balanced_table(study)))
finding(words.balance(study))
limit(data.limits(short=True))

# %% [markdown] tags=["core"]
# ## Look around
#
# Choose a mix. You see both errors of each band, and faces that a network of this mix takes for
# each other.

# %% tags=["core"]
explorers.mixes(study)

# %% [markdown] tags=["core"]
# ## The camera
#
# Now the other answer. 160 people, each drawn at several tones and photographed by several cameras:
# same face, same hair, same light. `equal` brings every face to one brightness, `natural` keeps
# deep skin deep, `light-metered` exposes for light skin whoever stands there, and `noisy` adds a
# poor sensor: two steps, which are told apart below. Two matchers trained on photographs of real
# people, by others, judge them. So a gap under `equal` may come from the drawing, from what the
# matcher learned, or from both: the set's datasheet says that it cannot tell.

# %% tags=["core"]
both = [camera.cameras(name) for name in ("dlib", "SFace")]
looks = camera.looks(both)
plots.show(*plots.camera_gaps(both))

# %% [markdown] tags=["core"]
# These people are compared with themselves, so nobody is hard by chance at one tone only. A face
# that was not found counts as rejected.
#
# ## Exercise 06-a: how much is the camera's?
#
# Here are dlib's numbers for two cameras and two tones, 640 pictures of each. `no face` counts
# pictures in which none was found; the rates are shares of pairs.

# %% tags=["core"]
cells = [("equal", "lighter"), ("equal", "darker")]
cells += [("light-metered noisy", "lighter"), ("light-metered noisy", "darker")]
small = both[0].frame.loc[cells, ["no face", "FNMR", "false rejection"]].map(float)
views.table(small, 4)

# %% [markdown] tags=["core"]
# **Exercise 06-a (check).** By how much does the poor camera *widen the gap* between the tones,
# lost faces included? Give a share with three digits, such as 0.123.
# `small.loc[("equal", "darker"), "FNMR"]` reads one number.

# %% tags=["core", "exercise"]
answer = ...
added = check("06-a", answer).value

# %% [markdown] tags=["solution"]
# The gap under the poor camera is not the camera's: a part of it is there without the fault. So a
# gap is taken from a gap, a [difference in
# differences](glossary.md#difference-in-differences). FNMR would forget the lost faces, which are
# mostly of one tone.

# %% tags=["core", "solution"]
rejected = small["false rejection"]
gaps = {name: rejected[name, "darker"] - rejected[name, "lighter"] for name, tone in cells}
answer = gaps["light-metered noisy"] - gaps["equal"]
added = check("06-a", answer).value

# %% [markdown] tags=["core"]
# And for both matchers, with the two steps apart: exposing for light skin, then noise on top.

# %% tags=["core"]
finding(words.camera(both, looks))

# %% [markdown]
# ## The origin, by hand
#
# Fisherfaces can be trained while you wait: on 300 people, each of whom was drawn at two tones, so
# that *nobody* changes with the mix, only the tone at which each is seen. The people are divided in
# three ways, and two samples of others are tested: three splits of the same people times two test
# sets, not six independent trials. The numbers are **shares** of the false matches: with one
# threshold, what leaves one group turns up in another. Equal would be a half with two tones, and a
# third with three bands.

# %%
samples = {"splits": [0, 1, 2], "tests": ["paired", "eval"]}
fisher = origin.fisherfaces(("90:10", "50:50", "10:90"), **samples)
plots.show(*plots.false_match_shares(fisher))
say(origin.told_shares(fisher))
for way in ("recentred", "distance"):
    say(origin.told_remedy(fisher, way))

# %% [markdown]
# A vendor's engineer would now say: one line of code, and it is mended. Hold the misses beside the
# false matches before you agree.
#
# The same can be done to dlib, which nobody trained again: take the mean of one tone's people off
# its templates. (An origin needs angles, so angles stand here in place of dlib's usual distances.)
# The controls, for dlib and for Fisherfaces: divide by odd and even numbers instead.
# Last come our networks, where more than the origin was learned.

# %%
moved = origin.centred("dlib", ["paired"])
control = origin.centred("dlib", ["paired"], control=True)
plots.show(*plots.false_match_shares(moved, control))
say(origin.told_centred(moved, control, "dlib"))
odd, tone = (origin.cannot_matter([0], real=real, tests=["paired"]) for real in (False, True))
say(origin.told_control(odd, tone))
say(mix_words.recentred(study))

# %% [markdown]
# ## Colour, and how many people it takes
#
# Two more controls of the mix: the ends again with pictures in grey, and a third of each band with
# few, more and many people. And were the networks trained to an end? The loss says how far they
# came.

# %%
plots.show(*plots.mix_controls(study))
say(mix_words.grey(study))
say(mix_words.sizes(study))
say(mix_words.losses(study))

# %% [markdown]
# ## What in the camera?
#
# One person under every camera, then two suspicions. Does the detector lose the faces? Two
# detectors, 640 pictures at each tone. Is it gloss on the skin, or the meter? Nothing shines, and
# one gain for all; these were drawn of half the people, so their gaps differ a little from those
# above. If gloss made the gap, it would shrink without.

# %%
plots.show(*plots.counterfactual(data.load("counterfactual/paired")))
say(camera.told_detectors(both))
for name in ("dlib", "SFace"):
    say(camera.told_controls(camera.with_controls(name)))

# %% [markdown]
# ## Exercise 06-b: who is enrolled
#
# A third cause touches no matcher and no camera. Whoever is searched meets everybody in the
# [gallery](glossary.md#gallery): people of the own band, at the FMR within it, and others, at the
# FMR across. Here are a gallery of 80 people, and dlib's rate between a *darker* person and one of
# each band.

# %%
town = enrolment.town(data.load("anytown/eval"))
people = dict(enrolment.MAKE_UPS["mostly lighter"])
rates = {band: town.rates()[band, "darker"] for band in people}
views.table(pd.DataFrame({"people": people, "FMR with a darker person": rates}), 5)

# %% [markdown]
# **Exercise 06-b (check).** A darker person who is not enrolled is searched in this gallery. How
# many false candidates come back, on average? `people["medium"]` and `rates["medium"]` read one
# number each.

# %% tags=["exercise"]
answer = ...
candidates = check("06-b", answer).value

# %% [markdown] tags=["solution"]
# Each band gives its people times its rate, and the three add up. In such a gallery a person of the
# rare band is returned least often, although the FMR within that band is not the lowest: who is
# enrolled counts as much as how often two people are confused.

# %% tags=["solution"]
answer = sum(people[band] * rates[band] for band in people)
candidates = check("06-b", answer).value

# %% [markdown]
# Arithmetic can be wrong about people. So it is checked: half the people may be enrolled, the other
# half search, and 200 galleries of each make-up are drawn. The arithmetic of this table uses the
# rates of those who search, so it differs a little from yours. The verdict uses the interval *by
# people*; the last column says how far galleries of the same make-up differ, and is no test.

# %%
counted = enrolment.counted(town)
say(enrolment.told(counted, "dlib"))
views.table(enrolment.shown(counted))

# %% [markdown]
# ## What did not differ
#
# A page that shows only what it found teaches that everything matters. Here is every comparison of
# the camera that showed nothing, with what it would have found four times in five. A row names the
# matcher, what is compared (`gap` of the tones; `effect` of a camera on one tone; `extra`, how much
# wider its gap is than that under `equal`; `false matches`), the camera and the tones.

# %%
nothing = unseen.not_shown({"camera": looks})
say(unseen.told(nothing, len(looks)))
views.table(unseen.shown(nothing))

# %% [markdown]
# ## Exercise 06-c: find it
#
# Three reports compare two made-up districts. Nobody's face depends on a district: in each, one
# thing was dealt out unevenly, and it is [confounded](glossary.md#confounded) with the district.
# `camera` is the amount of noise of its sensor.

# %%
for number in (1, 2, 3):
    report = confounded.comparison(number)
    say(f"Report {number}: {report.outcome}")
    display(views.table(report.table), views.table(report.known, 2))

# %% [markdown]
# **Exercise 06-c (check).** Which thing is it in reports 1, 2 and 3: `"camera"`, `"age"` or
# `"images"`? Give a list of three names, in this order.

# %% tags=["exercise"]
answer = ...
check("06-c", answer)

# %% [markdown] tags=["solution"]
# One row of what is known lies far apart in each report. Then like is compared with like: within
# people who have the same of that thing. What is left is said with what could have been missed.

# %% tags=["solution"]
answer = [confounded.comparison(number).thing for number in (1, 2, 3)]
check("06-c", answer)
for number in (1, 2, 3):
    say(confounded.comparison(number).told())

# %% [markdown]
# ## Your own experiment
#
# Name a factor and its levels, and the lab draws the same people in the same light at each level.
# (`labkit.experiment.PLACES` lists the factors.) A factor that changes two things is refused:

# %%
try:
    experiment.Design("noise", {"good": {"noise": 0.3}, "poor": {"noise": 2.0, "blur": 1.0}})
except ValueError as refused:
    say(str(refused))

# %% [markdown]
# Here is a design that is allowed. How many people it takes is worked out *before* the experiment,
# from how much people differ: here the 160 people of the camera. Then set `go = True`. Drawing
# takes some seconds and 250 MB, the first time a minute; twelve people are too few for a rate, and
# the lab will say so.

# %%
go = False
design = experiment.Design("noise", [0.3, 2.5], people=12, captures=2)
say(design.read())
moves = both[0].effect("light-metered noisy", "darker").moves
spread = moves.error * both[0].people ** 0.5
say(experiment.needed(0.05, spread=spread).words)
if go:
    mine = design.run()
    plots.show(*plots.at_levels(mine))
    say(mine.read())

# %% [markdown]
# ## Two readers
#
# What would somebody object now who gave the first answer of the beginning, and who gave the
# second?

# %%
finding(words.answer(study, mixes.study(0.001)))
views.table(words.readers(study, both))

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - Real people. Drawn faces have no ancestry, and tone was drawn apart from the shape of the face.
# - The size of any of this in a vendor's matcher. Ours has 0.2 MB and learned from thousands of
#   drawings of hundreds of people (the largest: of 2,502); theirs learned from millions of
#   photographs. NIST's FMR factors of 10 to beyond 100 between groups, at other thresholds than
#   ours, and FNMR factors below 3 are of real matchers (read in notes on the report). Some
#   algorithms developed in Asia did not show the gap between Asian and Caucasian faces that others
#   had (from the same notes): that would fit a training mix, and was no test of one.
# - That a mix of photographs does the same. Gwilliam and others (2021, read in its abstract)
#   trained on real faces: African faces only gave less bias than a balanced set.
# - That invented people stand for real ones. The authors of DigiFace-1M (2023) trained on 1.2
#   million rendered pictures of 110,000 invented people and report .962 on LFW, photographs of real
#   people (.5 is guessing).
# - Where the rest comes from that balance leaves. Nothing here names it.
# - That a cause is the only one. Mix, origin, camera and gallery are four of many.
#
# ## Key points
#
# - A cause is shown by changing one thing, with a control that cannot matter beside it.
# - Look at both errors: what mends one can move the other.
# - An effect of a training needs several trainings, and an interval that counts them.
# - "Not shown" goes with the size that would have been missed.

# %% [markdown] tags=["core"]
# ## Talk about it
#
# A company says: "We trained on a balanced set, so our errors are equal." Another says: "Dark
# pictures carry less signal, nothing can be done." Which measurement would you ask of each?
#
# ## Next
#
# Notebook 07 takes the causes as remedies: what gets better, what gets worse, and for whom.
