# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] tags=["core"]
# # Build a face matcher
#
# **Minutes:** core 20, full 75
# **Kind:** working
#
# **You will**
#
# - show why two photographs cannot be compared dot by dot
# - find, align and describe a face, and compare two faces by hand
# - build a matcher that names people, and one that says "nobody"
#
# **You need** variables, calling a function and reading a table. Every `def` and every loop is
# given.
#
# **Before this**, [00 Start here](00_start_here.ipynb) introduced the invented people.

# %% tags=["core"]
import numpy as np
import pandas as pd

from labkit import data, journal, plots
from labkit.checks import check
from labkit.matchers import DeepFaceMatcher

faces = data.load("anytown/dev")
matcher = DeepFaceMatcher()
print(f"{len(faces.people)} invented people, {len(faces)} photographs.")

# %% [markdown] tags=["core"]
# ## A photograph is an array of numbers
#
# A screen dot (a *pixel*) is three numbers from 0 to 255: how much red, green and blue. A
# photograph is a table of such dots.
#
# > **Array:** many numbers under one name, in rows and columns.
# > `picture[80, 60]` is the dot in row 80, column 60; counting starts at 0.
# > `.shape` says how many rows, columns and numbers a dot there are.

# %% tags=["core"]
picture = faces.pictures[4]
rows, columns, colours = picture.shape
red, green, blue = picture[80, 60]
print(f"{rows} rows x {columns} columns x {colours} colours = {picture.size:,} numbers.")
print(f"The dot in row 80, column 60 has red {red}, green {green}, blue {blue}.")

# %% [markdown] tags=["core"]
# ## Same person, other day
#
# Here are three photographs: a portrait, the same person on another day, and the portrait of
# somebody else. Two portraits are taken under one lamp. The other day has other light, often
# other hair or glasses.

# %% tags=["core"]
captions = ["portrait", "same person, other day", "somebody else"]
three = [faces.pictures[k] for k in (4, 5, 8)]
plots.show(*plots.wall(three, captions=captions, size=2.2, alt="One triple of photographs."))

# %% [markdown] tags=["core"]
# Subtract two photographs dot by dot and take the mean size of the differences. That is a first
# matcher: a small difference should mean "same person".
#
# We try it on every such triple of the town in which the light changed. **Predict before you
# run:** in how many of 100 triples will the *same* person differ more than the two different
# people?

# %% tags=["core"]
guess = ...
journal.predict("02-pixels", guess)

# %% tags=["core"]
light = faces.of("light")
tested = [k for k in range(0, len(faces), 4) if light[k + 1] != light[k]]
same, different = [], []
for k in tested:
    portrait = np.float32(faces.pictures[k])
    same.append(np.abs(portrait - faces.pictures[k + 1]).mean())
    different.append(np.abs(portrait - faces.pictures[(k + 4) % len(faces)]).mean())

lost = sum(s >= d for s, d in zip(same, different))
words = f"{lost} of {len(tested)} triples, {100 * lost / len(tested):.0f} of 100"
journal.result("02-pixels", 100 * lost / len(tested), words)

# %% [markdown] tags=["core"]
# Those are the triples this matcher gets wrong. Light, backdrop, hair or a turn of the head can
# change more dots than another face does.
#
# ## Find the face and turn it upright
#
# A [matcher](glossary.md#matcher) first **detects** the face, then **aligns** it
# ([alignment](glossary.md#alignment)): the face is cut out, turned upright and brought to one
# size, so that eyes lie where the network expects eyes. dlib finds five points to do so.

# %% tags=["core"]
found = matcher.find(picture)
left, top, right, bottom = found.box
fig, alt, _ = plots.pair(picture, found.chip, names=("photograph", "what the network sees"))
fig.axes[0].plot(*found.points.T, "w+", markersize=10)
points = ["right eye, outer", "right eye, inner", "left eye, outer", "left eye, inner", "nose"]
table = pd.DataFrame(found.points, index=points, columns=["column", "row"])
plots.show(fig, alt + " Five crosses mark the corners of the eyes and the nose.", table)
print(f"The face is between columns {left} and {right} and rows {top} and {bottom}.")

# %% [markdown] tags=["core"]
# The white crosses are the five points; "right" is the right of the picture. The picture beside
# is all that the network gets to see.
#
# ## Describe the face in 128 numbers
#
# dlib's network turns the aligned face into 128 numbers. It was trained so that photographs of
# one person give numbers that lie close together. The numbers are a
# [template](glossary.md#template). Nobody chose what each of them should mean.

# %% tags=["core"]
live = matcher.transform([picture])[0]
a, b = faces.templates[4], faces.templates[5]
print(f"{live.size} numbers; the first three are {live[0]:.3f}, {live[1]:.3f}, {live[2]:.3f}.")
print("The lab brings a template of the same photograph, made the same way.")
print(f"The largest difference between the two in any number is {np.abs(live - a).max():.4f}.")

# %% [markdown] tags=["core"]
# ## Compare two templates by hand
#
# How far apart are two templates? Take the [Euclidean distance](glossary.md#euclidean-distance),
# the one a ruler measures:
#
# $$ d(a, b) = \sqrt{(a_1 - b_1)^2 + (a_2 - b_2)^2 + \dots + (a_{128} - b_{128})^2} $$
#
# > **With arrays** there is no need for a loop: `a - b` subtracts number by number,
# > `(a - b) ** 2` squares each difference, `.sum()` adds them up,
# > and `np.sqrt(...)` is the square root.
#
# **Exercise 02-a (check).** `a` is the template of the portrait, `b` of the same person on the
# other day. What is their distance?

# %% tags=["core", "exercise"]
answer = ...
own_distance = check("02-a", answer).value

# %% [markdown] tags=["solution"]
# Read the formula from the inside out: differences, squares, sum, root. Without the root the
# number is smaller here, because it is below 1; that is the commonest slip.

# %% tags=["core", "solution"]
answer = np.sqrt(((a - b) ** 2).sum())
own_distance = check("02-a", answer).value

# %% [markdown] tags=["core"]
# Now the same triples again, with templates in place of dots.

# %% tags=["core"]
from labkit.exercises.nb02 import distance

same = np.array([distance(faces.templates[k], faces.templates[k + 1]) for k in tested])
next_portrait = [faces.templates[(k + 4) % len(faces)] for k in tested]
different = np.array([distance(faces.templates[k], t) for k, t in zip(tested, next_portrait)])
print(f"First triple: {own_distance:.2f} to the same person, {different[0]:.2f} to somebody else.")
print(f"By templates {sum(same >= different)} of {len(tested)} triples are wrong; by dots {lost}.")
print(f"Triples left out because no face was found: {sum(np.isnan(same + different))}.")

# %% [markdown]
# ## A matcher is a comparison and a threshold
#
# From here on we say [similarity](glossary.md#similarity): larger means more alike. For these
# templates it is *minus* the distance, so it is never above 0. A [match](glossary.md#match) is a
# similarity of at least the [threshold](glossary.md#threshold).
#
# > **A comparison is a value.** `3 >= 2` is `True`, `1 >= 2` is `False`.
# > `>=` means "at least": `2 >= 2` is `True`.
# > A function hands back a value with `return`.
#
# **Exercise 02-b (check).** Complete `same_person`: one expression in place of the three dots.

# %%
def similarity(a, b):
    return -distance(a, b)


print(f"Similarity of a and b: {similarity(a, b):.3f}. At a threshold of -0.45 a match?")
print(similarity(a, b) >= -0.45)

# %% tags=["exercise"]
def same_person(a, b, threshold):
    return ...


same_person = check("02-b", same_person).value

# %% [markdown] tags=["solution"]
# One comparison is the whole function. It must be of similarities: the distance itself is never
# below 0, and so above every negative threshold. A similarity exactly at the threshold counts as
# a match; the whole lab keeps to that.

# %% tags=["solution"]
def same_person(a, b, threshold):
    return similarity(a, b) >= threshold


same_person = check("02-b", same_person).value

# %% [markdown]
# ## Name a face, or say "nobody"
#
# To [enrol](glossary.md#enrol) people is to keep their templates under their names. Five people
# are enrolled by their portraits. Then six come to the door on another day: the five, and
# somebody who never enrolled.
#
# The threshold lies halfway between what one person's photographs and two people's give on
# average, among other people. That is a rough choice. Choosing well is the subject of notebook
# 03.

# %%
from labkit.exercises.nb02 import halfway

names = ["Ari", "Bo", "Chris", "Dana", "Eli"]
enrolled = faces.templates[[0, 4, 8, 12, 16]]
probes = faces.templates[[1, 5, 9, 13, 17, 21]]
threshold = halfway()
print(f"{len(enrolled)} enrolled, {len(probes)} at the door, threshold {threshold:.3f}.")

# %% [markdown]
# > **Choosing between two values:** `"wet" if rain else "dry"` is `"wet"` when `rain` is true,
# > otherwise `"dry"`.
# > Here: a name when there is a match, otherwise `"nobody"`.
#
# **Exercise 02-c (check).** The loop is given. For each [probe](glossary.md#probe), `best` is the
# highest of the five similarities and `nearest` the name that has it. Put in what the door should
# answer.

# %% tags=["exercise"]
answer = []
for probe in probes:
    scores = [similarity(probe, template) for template in enrolled]
    best = max(scores)
    nearest = names[scores.index(best)]
    answer.append(...)

given = check("02-c", answer).value

# %% [markdown] tags=["solution"]
# Among the enrolled somebody is always nearest, also to a stranger. Without the threshold the
# sixth visitor gets a name. Whoever builds a search chooses whether it may answer "nobody".

# %% tags=["solution"]
answer = []
for probe in probes:
    scores = [similarity(probe, template) for template in enrolled]
    best = max(scores)
    nearest = names[scores.index(best)]
    answer.append(nearest if best >= threshold else "nobody")

given = check("02-c", answer).value

# %%
scores = [[similarity(p, e) for e in enrolled] for p in probes]
door = pd.DataFrame(scores, index=[*names, "a stranger"], columns=names).round(2)
door["nearest"] = [names[row.index(max(row))] for row in scores]
door["answer"] = given
taken = same_person(probes[5], enrolled[names.index(door["nearest"].iloc[5])], threshold)
print(f"The stranger's best similarity is {max(scores[5]):.2f}; the threshold is {threshold:.2f}.")
print(f"Taken for the nearest of the five: {'yes' if taken else 'no'}.")
door

# %% [markdown]
# Each row is a visitor. With a lower threshold the stranger would have been let in under the name
# in the column "nearest".
#
# ## Eigenfaces: faces as mixtures
#
# Long before networks, people compared the dots of *aligned* faces. Take many faces, their mean,
# and the directions in which they differ most: these directions are called eigenfaces (Turk and
# Pentland, 1991). Each face is the mean plus so much of each direction.

# %%
from labkit.exercises.nb02 import as_grey, rebuilding, rebuilt
from labkit.matchers import Eigenfaces, Fisherfaces

train = data.load("anytown/train")
crops, learned = train.crops[:600], train.of("person")[:600]
directions = Eigenfaces(components=150, skip=0, whiten=False).fit(crops)
amounts = pd.DataFrame(directions.transform(crops)).add_prefix("direction ")
lamp = amounts.corrwith(train.images["key_azimuth"][:600]).abs()
print(f"Learned from {len(set(learned))} people, none of whom is in {faces.name}.")
print(f"The correlation of direction 0 with the side the lamp stands on is {lamp.iloc[0]:.2f}.")

# %%
spread = amounts.std()
pictures, captions = [as_grey(directions.mean_)], ["mean face"]
for n in range(3):
    for sign, word in ((-2, "less"), (2, "more")):
        step = sign * spread.iloc[n] * directions.components_[n]
        pictures.append(as_grey(directions.mean_ + step))
        captions.append(f"{word} of {n}")
alt = "The mean face, and less and more of three directions."
plots.show(*plots.wall(pictures, captions=captions, columns=7, alt=alt))

# %% [markdown]
# The strongest direction is number 0 (counting starts there). It moves the light from one side to
# the other. Nobody told the method which photographs show the same person, so it spends its
# strongest direction on what varies most, and that is not who it is.
#
# Move the slider (arrow keys work): how many directions does it take until you would know the
# face? The person is not among those the directions were learned from.

# %%
crop = faces.crops[4]
view = rebuilding(directions, crop)
view

# %% [markdown]
# The same without a slider:

# %%
steps = [0, 5, 20, 60, 150]
parts = [rebuilt(directions, crop, k) for k in steps]
captions = ["the crop"] + [f"{k}: {share:.0%}" for k, (_, share) in zip(steps, parts)]
alt = "An aligned crop and the face put together from more and more directions."
shown = [crop] + [part for part, _ in parts]
plots.show(*plots.wall(shown, captions=captions, columns=6, size=1.4, alt=alt))
half = next(k for k in range(151) if rebuilt(directions, crop, k)[1] >= 0.5)
print(f"Half of what sets this face apart from the mean is there with {half} directions.")

# %% [markdown]
# ## Fisherfaces: told who is who
#
# Fisherfaces (Belhumeur and others, 1997) are told which photographs show one person. They
# look for directions in which *people* differ more than photographs of one person do. They learn
# from the same people of `train` as before, and are tried on people of `eval`, whom they have
# never seen.

# %%
eigenfaces = Eigenfaces().fit(crops)
fisherfaces = Fisherfaces().fit(crops, learned)
judged = data.load("anytown/eval")
some, people = slice(0, 100 * 6), judged.of("person")[: 100 * 6]
both = set(learned) & set(people)
print(f"{len(set(people))} people are tried; {len(both)} of them were used for learning.")

# %% [markdown]
# ## Three matchers on the same photographs
#
# Triples again, now all that these photographs allow: a photograph, another of the same person,
# and one of somebody else. In how many of 100 is the same person the more alike? A coin would
# give 50.
#
# > **An [interval](glossary.md#interval)**: `low` and `high`, a range around the value.
# > Had we met other people, the value would have been another; the range says by about how much.
# > Notebook 04 takes this apart.

# %%
from labkit.exercises.nb02 import lost_triples, percent_won
from labkit.scores import compare

tried = {
    "Eigenfaces": (eigenfaces.transform(judged.crops[some]), "cosine"),
    "Fisherfaces": (fisherfaces.transform(judged.crops[some]), "cosine"),
    "dlib": (judged.templates[some], "euclidean"),
}
scores = {name: compare(t, t, measure) for name, (t, measure) in tried.items()}
rows = {name: percent_won(*lost_triples(s, people)) for name, s in scores.items()}
table = pd.DataFrame(rows, index=["of 100", "low", "high", "people", "triples"]).T.round(1)
table.astype({"people": int, "triples": int})

# %% [markdown]
# Being told who is who is worth much: compare the first two rows. The last two cannot be ranked
# by this table. Fisherfaces learned from drawings by the very program that drew the people they
# are tried on; dlib learned from photographs of real people. Which does better on real faces,
# drawings cannot say.
#
# ## What is alignment worth?
#
# DeepFace can also cut out the face in its own way, which is not how dlib's network was trained.
# The same photographs, the same network, two crops. The same people are in both, so we look at
# the *difference* for each person.

# %%
from labkit.exercises.nb02 import alignment_words
from labkit.intervals import paired_difference

chosen = [k for k in range(30 * 4) if k % 4 < 2]  # 30 people, portrait and other day
pictures, who = [faces.pictures[k] for k in chosen], faces.of("person")[chosen]
own_crop = DeepFaceMatcher(align="deepface").transform(pictures)
trained_crop = faces.templates[chosen]
own = lost_triples(compare(own_crop, own_crop, "euclidean"), who)
as_trained = lost_triples(compare(trained_crop, trained_crop, "euclidean"), who)
gap = paired_difference(own, as_trained)
print(alignment_words(own, as_trained, gap))

# %% [markdown]
# So a figure for "DeepFace with dlib" is a figure for one way of cutting out faces too. From here
# on the lab aligns as the network was trained.
#
# ## A template is a password that cannot be changed
#
# Suppose a list of templates leaks: one template a person, made from the portrait; no photograph,
# no name. Somebody takes new photographs, of another day, with other hair and glasses, and looks
# for each person in the leaked list.

# %%
leaked, fresh = faces.templates[0::4], faces.templates[1::4]
scores = compare(fresh, leaked, "euclidean")
usable = ~np.isnan(np.diag(scores))
first = np.nanargmax(scores[usable], axis=1) == np.flatnonzero(usable)
print(f"For {first.sum()} of {usable.sum()} people their own template is the nearest of all")
print(f"{len(leaked)} that leaked. Blind guessing would find {usable.sum() / len(leaked):.0f}.")

# %% [markdown]
# A stolen password is replaced with a new one. Here hair, glasses, light and mood were new, and
# most leaked templates still led to their person. That is what was shown. These photographs do
# not show people growing older, so how long a template stays good was *not* measured.

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - How well any of these matchers does on real people.
# - Where the threshold should lie, and what a mistake costs whom.
# - Which part of a face a template depends on.
#
# ## Key points
#
# - Comparing dots fails often: other light can change more of them than another face does.
# - A matcher detects, aligns, describes, and compares two templates.
# - Somebody is always nearest. "Nobody" needs a threshold.
#
# ## Talk about it
#
# A photograph of you can be described at any time, by anyone who has it, without your knowing. Is
# the template yours? Who should be allowed to make one, and who should have to delete it?
#
# ## Next
#
# [03 Tune the threshold](03_tune_the_threshold.ipynb): how alike is alike enough?
