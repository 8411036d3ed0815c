# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] tags=["core"]
# # One face in a million
#
# **Minutes:** core 20, full 90
#
# **Kind:** working
#
# **You will**
#
# - measure how often a search returns somebody for a person who is not there
# - count alerts as people, from four numbers, and say which of them are known
# - tell what was measured from what is a bound, an assumption or a guess
#
# **You need** FMR and a threshold (notebook 03). Two numbers in brackets are a 95% interval: where
# the rate may lie among other people drawn alike (notebook 04).
#
# **Before this**, every notebook compared two photographs. From here on one face is searched among
# many.

# %% tags=["core"]
import pandas as pd
from IPython.display import display

from labkit import check, gallery, predict, published, result, say, views
from labkit.gallery import reading
from labkit.learning.ballot import open_ballot, returned
from labkit.views import explorers, finding, limit, plots
from lessons.nb08 import words

pd.options.display.max_colwidth = None  # no cell of a table is cut off

# %% [markdown] tags=["core"]
# ## One face, many faces
#
# "Is this the person on the card?" is one comparison. "Who is this?" is one comparison with *every*
# entry of a gallery, and each can go wrong. Two rates describe such a search, at one threshold:
#
# - [FPIR](glossary.md#FPIR), false positive identification rate: of searches for people who are
#   **not** enrolled, the share that return somebody all the same. Whoever is returned is a false
#   candidate.
# - [TPIR](glossary.md#TPIR), true positive identification rate: of searches for people who **are**
#   enrolled, the share that return them.
#
# Anytown's gallery holds the portraits of 25,000 invented people. We search it with everyday
# photographs of people who are in no gallery: 600 of them, called dev, choose the thresholds; 535
# others, the council, are reported. The first threshold is the ballot's of notebook 01: on dev, 1
# in 1,000 pairs of two people match. The next cell takes some seconds.

# %% tags=["core"]
towns = {name: gallery.searched(name) for name in ("dlib", "SFace")}
loose = {name: town.pair_threshold(1e-3) for name, town in towns.items()}
found = {name: town.at(loose[name].value) for name, town in towns.items()}
say("\n".join(f"{name}, {threshold.words}." for name, threshold in loose.items()))

# %% [markdown] tags=["core"]
# A threshold is an estimate, too: the last two numbers say what its FMR may be among other people.
#
# ## A gallery that grows
#
# Your guess about a hundred people, opened; and the same searches in smaller galleries, each a part
# of the next.

# %% tags=["core"]
alerts = found["dlib"].fpir()
size, fmr = towns["dlib"].size, found["dlib"].fmr
told = returned(alerts.errors, alerts.trials, gallery=size, fmr=fmr)
open_ballot("a", round(100 * alerts.value), told)
plots.show(*plots.searches(found, footer=plots.invented(26_135)))

# %% [markdown] tags=["core"]
# A comparison that errs once in a thousand makes a search that errs most of the time. Nothing about
# the matcher got worse: there are more people to be taken for. The line through a dot says how far
# other people, searched for or enrolled, could move it. Nobody would search at this threshold; a
# stricter one comes next.

# %% [markdown] tags=["core"]
# ## Alerts as counted people
#
# A camera stands in a station. Every passage is one search, and an alert means: somebody in the
# gallery looks like this. How many alerts are right takes **four** numbers: how many of those who
# pass are in the gallery (prevalence), TPIR, FPIR *at this size of the gallery*, and the frames
# of a passage: how many pictures the camera takes of one person who passes.
#
# We take a stricter threshold: on dev, 5 of 100 innocent searches may return somebody. Of 20,000
# people who pass in a day, 100 are in the gallery. Both are choices of ours, and high ones: the
# matcher that London's police use gave 0.017% in a test of 2023, which the full form sets beside.
#
# **Predict before you look:** of 100 alerts, how many are for a person who is in the gallery? A
# number from 0 to 100.

# %% tags=["core"]
guess = ...
predict("08-right", guess, low=0, high=100)

# %% tags=["core"]
town, strict = towns["dlib"], towns["dlib"].threshold(0.05)
say(strict.words)
stopped = town.at(strict.value)
rates = {"tpir": town.tpir(strict.value), "fpir": stopped.fpir(), "gallery": town.size}
ours = plots.Operating("dlib at the station", people=20_000, wanted=100, **rates)
result("08-right", round(100 * ours.precision, 1), words.alerts(ours))
plots.show(*plots.counted([ours], footer=plots.invented(26_135)))
limit(words.frames(ours))

# %% [markdown] tags=["core"]
# Nearly all innocent passages give no alert. Still most alerts are false, because nearly everybody
# who passes is not wanted. Each false alert is a person whom somebody may stop. Somebody wanted can
# be taken for another person, too: neither rate counts that.
#
# **Exercise 08-a (check).** How many false alerts does the station get in a day? `ours.people`
# pass, `ours.wanted` of them are in the gallery, and `float(ours.fpir)` is FPIR. To the nearest
# whole alert, so do not round FPIR.

# %% tags=["core", "exercise"]
answer = ...
check("08-a", answer)

# %% [markdown] tags=["solution"]
# Everybody who is not wanted is one search. The size of the gallery is already in FPIR, so it is
# not multiplied once more; and somebody with three candidates is one false alert.

# %% tags=["core", "solution"]
answer = (ours.people - ours.wanted) * float(ours.fpir)
check("08-a", answer)

# %% [markdown]
# Move the gallery's size, the prevalence and the threshold:

# %%
explorers.watchlist()

# %% [markdown]
# **Exercise 08-b (check).** Right alerts are the wanted people times TPIR; false ones, all others
# times FPIR. At which prevalence, the wanted among all who pass, are there as many of both, so that
# half of the station's alerts are right? `float(ours.tpir)` and `float(ours.fpir)` are the rates.
# Give a share from 0 to 1, to two digits behind the point, as in 0.12.

# %% tags=["exercise"]
answer = ...
check("08-b", answer)

# %% [markdown] tags=["solution"]
# Half are right when p x TPIR = (1 - p) x FPIR, so p = FPIR / (FPIR + TPIR). A list of people who
# are expected at a door has such a prevalence; a street has not.

# %% tags=["solution"]
answer = float(ours.fpir) / (float(ours.fpir) + float(ours.tpir))
check("08-b", answer)

# %% [markdown]
# ## Two operating points
#
# A vendor may object: these matchers are old and free, and the people are drawn. True. The National
# Physical Laboratory tested another matcher for the British police, with real people, and printed
# TPIR and FPIR at a watchlist of 10,000. Here is our station with both matchers, at that size:

# %%
theirs = words.npl(ours)
rates |= {"fpir": stopped.fpir(theirs.gallery), "gallery": theirs.gallery}
small = plots.Operating("dlib, here", people=20_000, wanted=100, **rates)
plots.show(*plots.counted([small, theirs]))
say(words.beside(small, theirs))
rows = ["npl-2023-tpir", "npl-2023-fpir", "met-2025-alerts", "met-2025-faces"]
columns = ["study", "figure", "what it counts", "how checked", "note"]
display(views.table(published.show("live_trials", rows=rows, columns=columns)))
finding(words.met())

# %% [markdown]
# So "most alerts are wrong" is no law of nature, and neither is "most are right": both follow from
# the four numbers. Where most are right, the question that is left is how many people are scanned
# for each right alert, what becomes of those who are alerted falsely, and whether that is worth it,
# and to whom.
#
# ## How many alerts, and how many people
#
# Back to the threshold of the ballot. Two things grow with a gallery:

# %%
say(reading.people(found))
views.table(found["dlib"].show())

# %% [markdown]
# Read two columns apart. `candidates` is **how many false candidates** there are, always about N x
# FMR a search ([selectivity](glossary.md#selectivity)). `people` is **how many people get them**.
# The second grows more slowly, because a few people collect many of the candidates.
#
# ## Whom it returned
#
# A false candidate is a person with a file. Here are some, drawn again from their seeds: the
# searches with the highest scores of all, at the station's threshold. On the left who was searched
# for; beside them who was returned. All were picked by the machine's score.

# %%
from labkit.making.gallery import picture

plots.show(*plots.false_candidates(stopped, lambda row: picture(town.people, row)))

# %% [markdown]
# Would you have taken them for one person? Some of them a person at a screen would refuse at once,
# some perhaps not. Notebook 10 lets you be that person.
#
# ## An upper bound
#
# If all people were equally easy to match, 1 - (1 - FMR)^N of the innocent searches would return
# somebody. People are not alike. With one FMR averaged over them the formula is too high, on
# average: whoever is easily matched collects many candidates, and is still only one search. In the
# figures it is dashed and called "by formula". A single dot can lie above it, by luck: where few
# searches return somebody, one more moves the dot far.

# %%
finding(reading.formula(found))

# %% [markdown]
# **Exercise 08-c (check).** From which gallery size on do at least half of the innocent searches
# return somebody, as measured with dlib at an FMR of 1 in 1,000? `found["dlib"].share(1_500)` gives
# the measured share at a size of 1,500. Try sizes between the two in the table that lie around one
# half, until you have it to the nearest hundred. Write it as 1_500, without point or comma.

# %% tags=["exercise"]
answer = ...
check("08-c", answer)

# %% [markdown] tags=["solution"]
# By the formula a smaller gallery would be enough. Measured it takes a larger one, because a few
# people collect many of the candidates. Still it is small: a school, not a city.

# %% tags=["solution"]
answer = next(n for n in range(100, 25_001, 20) if found["dlib"].share(n) >= 0.5)
check("08-c", answer)

# %% [markdown]
# ## Beyond what was measured
#
# At the stricter threshold, with an axis on which each step is ten times:

# %%
careful = {name: town.at(town.threshold(0.05).value) for name, town in towns.items()}
plots.show(*plots.searches(careful, footer=plots.invented(26_135)))
limit(reading.beyond(careful))

# %% [markdown]
# Beyond 25,000 nobody was searched here. N x FMR bounds the share, if the FMR stays what it is;
# there is no estimate, and a curve that fits well on the left would not make one.
#
# ## A list without a threshold
#
# A search of the FBI returned as many candidates as its user asked for, from 2 to 50; in what we
# read no threshold is named (GAO 2016, GAO-16-267). A person then looks at them. Without a
# threshold everybody who is searched for gets candidates, by construction:

# %%
say("\n".join(reading.listed(one, 5) for one in found.values()))

# %% [markdown]
# For somebody who is in the gallery such a list helps to narrow the field. For somebody who is not,
# it is a line-up in which every answer but "nobody" is wrong.
#
# ## What a search of ten million costs
#
# The announcements of 2017 spoke of tens of millions of faces. What does that cost? Templates are
# made up here, by chance: they are good for **time and memory only**, and say nothing about errors.

# %%
quick = gallery.cost(100_000, hour=1.0, searches=1_000_000)
say(quick.read())
views.table(quick.frame())

# %% [markdown]
# `hour` is the price of an hour of such a computer: put yours in place of 1. Ten million need
# memory, so the next cell waits. Say `go = True` if your computer has what it needs.

# %%
go = False
say(gallery.needs(10_000_000))
if go:
    say(gallery.cost(10_000_000, hour=1.0, searches=1_000_000).read())

# %% [markdown]
# What the time of a person costs who looks at each alert is not in this price, nor what a false
# alert costs the person it is about.
#
# ## Every day, for years
#
# Many people walk past the same camera every day and are in no gallery. What share of them has been
# a false alert at least once?

# %%
display(views.table(reading.daily(stopped.fpir())))
say(reading.lists(found["dlib"]))

# %% [markdown]
# The left column takes every day as the same picture: then some are stopped daily and the others
# never. The right one takes every day as a new draw, for people who are all alike. Real days lie
# between: light and pose change, a face does not. Who differs can be measured: here one photograph
# was searched in ten lists that share nobody.

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - How often any matcher errs with real people. Our faces are drawn; dlib and SFace were trained on
#   photographs.
# - Galleries beyond 25,000, and cameras in use. One everyday photograph stands for a passage.
# - Differences between groups: notebook 09 asks about them. As many people of each tone band are
#   searched for; who passes a camera in the town is another mix.
# - What people do with an alert: notebook 10.
#
# ## Key points
#
# - FPIR belongs to a threshold *and* a gallery. An FMR alone says nothing about a search.
# - N x FMR is how many false candidates a search has on average. Fewer people get them, and a few
#   of these get many.
# - How many alerts are right takes prevalence, TPIR, FPIR at this gallery and frames a passage.
# - A list without a threshold returns somebody for everybody (a section of the full form).
#
# ## Talk about it
#
# At the station, a hundred people are sought and some are found. Others are stopped who did
# nothing. Who should know both numbers before a camera is switched on, and who may say no?
#
# ## Next
#
# Notebook 09 repeats the test of 2018: the council against the town's gallery.
