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
#
# **Kind:** working
#
# **You will**
#
# - show why two photographs cannot be compared dot by dot
# - find, align and describe a face, and compare two faces by hand
# - show what a leaked list of templates gives away
#
# **You need** variables, calling a function and reading a table. Every `def` and every loop is
# given.
#
# **Before this**, [00 Start here](00_start_here.ipynb) introduced the invented people.

# %% [markdown]
# In the full form you also build a matcher that may say "nobody", try four more matchers, and turn
# templates back into faces.

# %% tags=["core"]
import numpy as np
import pandas as pd

from labkit import check, data, matchers, measure, predict, result, say
from labkit.views import finding, plots
from lessons.nb02 import words

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
faces = data.load("anytown/dev")
matcher = matchers.DeepFaceMatcher()
print(f"{len(faces.people)} invented people, {len(faces):,} photographs.")
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
# Such a set of three is a *triple*. The matcher is wrong when the two photographs of the same
# person differ more than those of two people. We try every triple of the town in which the light
# changed. **Predict before you run:** in 100 triples, how often will it be wrong? (A coin: 50.)

# %% tags=["core"]
guess = ...
predict("02-pixels", guess, low=0, high=100)

# %% tags=["core"]
light = faces.of("light")
tested = [k for k in range(0, len(faces), 4) if light[k + 1] != light[k]]
same, different = [], []
for k in tested:
    portrait = np.float32(faces.pictures[k])
    same.append(np.abs(portrait - faces.pictures[k + 1]).mean())
    different.append(np.abs(portrait - faces.pictures[(k + 4) % len(faces)]).mean())

lost = sum(s >= d for s, d in zip(same, different))
told = f"wrong in {lost} of {len(tested)} triples, {100 * lost / len(tested):.0f} of 100"
result("02-pixels", 100 * lost / len(tested), told)

# %% [markdown] tags=["core"]
# Dots carry something, and often mislead: light, backdrop, hair or a turn of the head can change
# more of them than another face does.
#
# ## Find the face and turn it upright
#
# A [matcher](glossary.md#matcher) first **detects** the face, then **aligns** it
# ([alignment](glossary.md#alignment)): the face is cut out, turned upright and brought to one
# size, so that eyes lie where the network expects eyes. dlib, the program library that we use,
# finds five points to do so. Here is a photograph in which the head leans to one side.

# %% tags=["core"]
leaning = faces.pictures[310]
found = matcher.find(leaning)
fig, alt, _ = plots.pair(leaning, found.chip, names=("photograph", "what the network sees"))
fig.axes[0].plot(*found.points.T, "w+", markersize=10)
points = ["right eye, outer", "right eye, inner", "left eye, outer", "left eye, inner", "nose"]
table = pd.DataFrame(found.points, index=points, columns=["column", "row"])
plots.show(fig, alt + " Five crosses mark the corners of the eyes and the nose.", table)
across, down = np.abs(found.points[0] - found.points[2])
print(f"The line of the eyes leans by {np.degrees(np.arctan(down / across)):.0f} degrees.")

# %% [markdown] tags=["core"]
# The white crosses are the five points; "right" is the right of the picture. The picture beside is
# all that the network gets to see: the face fills it, and the line of the eyes is level.
#
# ## Describe the face in 128 numbers
#
# A *neural network* is a long calculation whose numbers were adjusted on examples. dlib's turns
# the aligned face into 128 numbers, and was trained so that photographs of one person give numbers
# that lie close together: a [template](glossary.md#template). Nobody chose what each should mean.

# %% tags=["core"]
live = matcher.transform([picture])[0]
a, b = faces.templates[4], faces.templates[5]
print(f"{live.size} numbers; the first three are {live[0]:.3f}, {live[1]:.3f}, {live[2]:.3f}.")
print("The lab brings templates of all photographs, so that nobody has to wait for them.")
say(f"Are they the same? The largest difference in this one is {np.abs(live - a).max():.4f}.")

# %% [markdown] tags=["core"]
# ## Compare two templates by hand
#
# How far apart are two templates? Take the [Euclidean distance](glossary.md#Euclidean-distance),
# the one a ruler measures:
#
# $$ d(a, b) = \sqrt{(a_1 - b_1)^2 + (a_2 - b_2)^2 + \dots + (a_{128} - b_{128})^2} $$
#
# > **With arrays** there is no need for a loop: `-`, `** 2`, `.sum()` and `np.sqrt(...)` work on
# > all 128 numbers at once. Brackets say what comes first: read the formula from the inside out.
#
# **Exercise 02-a (check).** `a` is the template of the portrait, `b` of the same person on the
# other day. What is their distance?

# %% tags=["core", "exercise"]
answer = ...
own = check("02-a", answer)

# %% [markdown] tags=["solution"]
# Read the formula from the inside out: differences, squares, sum, root. Without the root the
# number is smaller here, because it is below 1; that is the commonest slip.

# %% tags=["core", "solution"]
answer = np.sqrt(((a - b) ** 2).sum())
own = check("02-a", answer)

# %% [markdown] tags=["core"]
# Now the same triples again, with templates in place of dots.

# %% tags=["core"]
t, rows = faces.templates, []
for k in tested:
    stranger = t[(k + 4) % len(t)]
    rows.append((measure.distance(t[k], t[k + 1]), measure.distance(t[k], stranger)))
both = pd.DataFrame(rows, columns=["same", "different"], index=tested)
made = both.dropna()  # where a face was not found there is no distance
wrong = (made["same"] >= made["different"]).sum()
print(f"The triple above: {own.value:.2f}{own.mark} to the same person,")
print(f"{both['different'][4]:.2f} to somebody else.")
say(f"By templates {wrong} of {len(made)} triples are wrong, by dots {lost} of {len(tested)}.")
print(f"Left out, because no face was found: {len(both) - len(made)}.")

# %% [markdown] tags=["core"]
# ## A template is a password that cannot be changed
#
# Suppose a list of templates leaks: one a person, made from the portrait; no photograph, no name.
# Somebody takes new photographs, of another day, with other hair and glasses, and looks for each
# person in the leaked list.

# %% tags=["core"]
leaked, fresh = faces.templates[0::4], faces.templates[1::4]
found, tried = measure.found_again(fresh, leaked)
say(f"Of {len(leaked)} leaked templates, the nearest is their own for {found} of {tried} people.")
print(f"Blind guessing would find {tried / len(leaked):.0f}.")

# %% [markdown] tags=["core"]
# A stolen password is replaced with a new one. Here hair, glasses, light and mood were new, and
# most leaked templates still led to their person. That is what was shown. These photographs do
# not show people growing older, so how long a template stays good was *not* measured.

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

# %%
def similarity(a, b):
    return -measure.distance(a, b)


print(f"The similarity of a and b is {similarity(a, b):.3f}.")

# %% [markdown]
# Is that a match at a threshold of -0.45? Think of the numbers on a line: -0.4 lies to the right of
# -0.45, so it is larger.
#
# **Exercise 02-b (check).** Complete `same_person` so that it says `True` for a match and `False`
# otherwise: one expression in place of the three dots.

# %% tags=["exercise"]
def same_person(a, b, threshold):
    return ...


yours = check("02-b", same_person)
same_person = yours.value

# %% [markdown] tags=["solution"]
# One comparison is the whole function. It must be of similarities: the distance itself is never
# below 0, and so above every negative threshold. A similarity exactly at the threshold counts as
# a match; the whole lab keeps to that.

# %% tags=["solution"]
def same_person(a, b, threshold):
    return similarity(a, b) >= threshold


yours = check("02-b", same_person)
same_person = yours.value

# %% [markdown]
# ## Name a face, or say "nobody"
#
# To [enrol](glossary.md#enrol) people is to keep their templates under their names. Five people
# are enrolled by their portraits. Then six come to the door on another day: the five, and
# somebody who never enrolled.
#
# And the threshold? On the people of another set, `train`, we look how similar two photographs of
# one person are on average, and those of two people, and put it in the middle. That is a rough
# choice. Choosing well is the subject of notebook 03.

# %%
names, visitors = ["Ari", "Bo", "Chris", "Dana", "Eli"], [f"visitor {n}" for n in range(1, 7)]
portraits, at_door = [0, 4, 8, 12, 16], [1, 5, 9, 13, 17, 21]
for numbers, captions in ((portraits, names), (at_door, visitors)):
    pictures = [faces.pictures[k] for k in numbers]
    plots.show(*plots.wall(pictures, captions=captions, size=1.5, alt="Invented faces."))
enrolled, probes = faces.templates[portraits], faces.templates[at_door]
others = data.load("anytown/train").templates
one_person, two_people = measure.typical_similarities(others[0::4], others[1::4])
threshold = (one_person + two_people) / 2
say(f"Means: one person {one_person:.2f}, two people {two_people:.2f}; middle {threshold:.2f}.")

# %% [markdown]
# > **Choosing between two values:** `"wet" if rain else "dry"` is `"wet"` when `rain` is true,
# > otherwise `"dry"`.
#
# **Exercise 02-c (check).** The loop is given. For each [probe](glossary.md#probe), `best` is the
# highest of the five similarities and `nearest` the name that has it. The door says a name, or
# `"nobody"`. What should it say, and when? Put that in place of the dots. Think of the sixth
# visitor, who is a stranger: is there a nearest name for a stranger, too?

# %% tags=["exercise"]
answer = []
for probe in probes:
    scores = [similarity(probe, template) for template in enrolled]
    best = max(scores)
    nearest = names[scores.index(best)]
    answer.append(...)

given = check("02-c", answer)

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

given = check("02-c", answer)

# %%
scores = [[similarity(p, e) for e in enrolled] for p in probes]
who = [f"visitor {n}: {name}" for n, name in enumerate([*names, "a stranger"], 1)]
door = pd.DataFrame(scores, index=who, columns=names).round(2)
door["nearest"] = [names[row.index(max(row))] for row in scores]
door["answer" + given.mark] = given.value
taken = same_person(probes[5], enrolled[names.index(door["nearest"].iloc[5])], threshold)
print(f"The stranger's best similarity is {max(scores[5]):.2f}, the threshold {threshold:.2f}.")
verdict = "a match" if taken else "no match"
say(f"By same_person{yours.mark}, the stranger and the nearest of the five are {verdict}.")
door

# %% [markdown]
# Each row is a visitor. With a threshold below the stranger's best similarity, the stranger would
# have been let in under the name in the column "nearest".
#
# ## Eigenfaces: faces as mixtures
#
# Before such networks, people compared the dots of *aligned* faces. Take the mean of many faces. A
# *direction* is a pattern of lighter and darker dots that can be added to that mean, or taken away
# from it. Eigenfaces (Turk and Pentland, 1991) are the directions along which faces differ most:
# each face is the mean plus so much of each. The method looks at the oval of the face only, in
# grey and at one brightness and contrast, so that hair and backdrop do not count.

# %%
from labkit.views.eigenfaces import direction_wall, rebuilding, rebuilt, seen

train = data.load("anytown/train")
crops, learned = train.crops[:600], train.of("person")[:600]
directions = matchers.Eigenfaces(components=150, skip=0, whiten=False).fit(crops)
amounts = directions.transform(crops)
plots.show(*direction_wall(directions, amounts))
lamp = pd.Series(amounts[:, 0]).corr(train.images["key_azimuth"][:600])
print(f"Learned from {len(set(learned))} people, none of whom is in {faces.name}.")
print(f"Correlation of direction 0 with the side the lamp stands on: {abs(lamp):.2f} in size.")

# %% [markdown]
# The strongest direction is number 0 (counting starts there). It moves the light from one side to
# the other. Nobody told the method which photographs show the same person, so it looks for
# whatever differs most between photographs, and here that is the light.
#
# How many directions does it take until you would know the face? It is the person of the first
# photograph, who is not among those the directions were learned from. On the left stands the face
# as the method sees it. A percentage says how much of the difference from the mean face is there.
# Below the row is a slider (arrow keys work).

# %%
crop, steps = faces.crops[4], [0, 5, 20, 60, 150]
parts = [rebuilt(directions, crop, k) for k in steps]
captions = ["to be rebuilt"] + [f"{k} ({share:.0%})" for k, (_, share) in zip(steps, parts)]
alt = "A face as the method sees it, and put together from more and more directions."
shown = [seen(crop)] + [part for part, _ in parts]
plots.show(*plots.wall(shown, captions=captions, columns=6, size=1.4, alt=alt))
half = next(k for k in range(151) if rebuilt(directions, crop, k)[1] >= 0.5)
say(f"With {half} directions half of the difference from the mean face is there.")
view = rebuilding(directions, crop)
view

# %% [markdown]
# ## Fisherfaces: told who is who
#
# Fisherfaces (Belhumeur and others, 1997) are told which photographs show one person. They
# look for directions along which *people* differ more than photographs of one person do. They learn
# from the same people of `train` as before, and are tried on people of our town, whom they have
# never seen.

# %%
eigenfaces = matchers.Eigenfaces().fit(crops)
fisherfaces = matchers.Fisherfaces().fit(crops, learned)
some, people = slice(0, 150 * 4), faces.of("person")[: 150 * 4]
by_eigenfaces = eigenfaces.transform(faces.crops[some])
by_fisherfaces = fisherfaces.transform(faces.crops[some])
both = set(learned) & set(people)
print(f"{len(set(people))} people are tried; {len(both)} of them were used for learning.")

# %% [markdown]
# ## Five matchers on the same photographs
#
# Triples again, now all that these photographs allow: a photograph, another of the same person,
# and one of somebody else. In how many of 100 is the same person the more alike? A coin would
# give 50. Beside dlib (2017) stand SFace (2021) and [AnytownNet](glossary.md#AnytownNet), a network
# trained here, on invented people only. All but dlib's templates are compared by the
# [cosine](glossary.md#cosine) of the angle between them: 1 when both point the same way.
#
# Eigenfaces leave out their three strongest directions here, because those are mostly light.
# **Predict before you run:** of 100 triples, how many will they get right, without being told who
# is who?

# %%
guess = ...
predict("02-eigenfaces", guess, low=0, high=100)

# %% [markdown]
# > **An [interval](glossary.md#interval)** stands in square brackets behind a value.
# > Had we met other people, the value would have been another; the range says by about how much.
# > Notebook 04 takes this apart.

# %%
described = {"Eigenfaces": by_eigenfaces, "Fisherfaces": by_fisherfaces}
for name in ("AnytownNet", "SFace", "dlib"):
    described[name] = matchers.get(name).templates(faces)[some]
won = {}
for name, t in described.items():
    scores = measure.compare(t, t, matchers.get(name).measure)
    won[name] = measure.triples_won(scores, people)
right = won["Eigenfaces"].value
result("02-eigenfaces", right, f"Eigenfaces get {right:.0f} of 100 right")
table = {name: (w.text(1), f"{w.trials:,}", w.people) for name, w in won.items()}
pd.DataFrame(table, index=["right of 100", "triples", "people"]).T

# %% [markdown]
# Many triples, but of few people: the interval counts people. Being told who is who is worth much:
# compare the first two rows. Do not rank the first three against the last two. Those three learned
# from drawings by the very program that drew the people they are tried on, SFace and dlib from
# photographs of real people. Nobody has to be sorry for how AnytownNet was trained, and on
# photographs it is worth little.
#
# ## From a template back to a face
#
# Somebody who has a matcher and pictures of *other* people can learn the way back: a dot of the
# picture is a sum of the template's numbers, each times a weight
# ([inversion](glossary.md#inversion)). Learned from `train`, tried on the leaked list. Do the
# rebuilt faces show who it was? AnytownNet, which never saw dlib's templates, looks for each among
# photographs of *another* day.

# %%
from labkit.matchers import network
from labkit.matchers.inversion import Inversion

inversion = Inversion().fit(train.templates, network.chips_of(train))
back = inversion.rebuild(leaked)
true = network.chips_of(faces, slice(0, 40, 4))
plots.show(*plots.rebuilt(true[1:9], back[1:9], inversion.mean_))
other_day = matchers.get("AnytownNet").templates(faces)[1::4]
found, tried = measure.found_again(network.describe(back), other_day, "cosine")
finding(words.told_rebuilt(found, tried, len(other_day)))

# %% [markdown]
# Look at glasses, beards and skin: from 128 numbers. No two of these drawings differ as two
# real faces can, and this is the simplest way back. Mai and others (2019) rebuilt real faces from a
# network's templates; at a false match rate of 0.1% its matcher took 58% of them for another
# photograph of the same person.
#
# ## What is alignment worth?
#
# DeepFace can also cut out the face in its own way, which is not how dlib's network was trained.
# The same photographs, the same network, two crops. The same people are in both, so we look at
# the *difference* for each person.

# %%
chosen = [k for k in range(30 * 4) if k % 4 < 2]  # 30 people, portrait and other day
pictures, who = [faces.pictures[k] for k in chosen], faces.of("person")[chosen]
print(f"Describing {len(chosen)} photographs anew: about ten seconds.", flush=True)
own_crop = matchers.DeepFaceMatcher(align="deepface", progress=False).transform(pictures)
lost = []
for t in (own_crop, faces.templates[chosen]):
    lost.append(measure.lost_triples(measure.compare(t, t, "euclidean"), who))
own, as_trained = (measure.cluster_interval(*one) for one in lost)
finding(words.told_alignment(own, as_trained, measure.paired_difference(*lost)))

# %% [markdown]
# Whatever comes out for so few people: a figure for "DeepFace with dlib" is a figure for one way of
# cutting out faces, too. From here on the lab aligns as the network was trained.

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
# - A template finds its person again on another day, and cannot be changed when it leaks.

# %% [markdown]
# - Somebody is always nearest. "Nobody" needs a threshold.

# %% [markdown] tags=["core"]
# ## Talk about it
#
# A photograph of you can be described at any time, by anyone who has it, without your knowing. Is
# the template yours? Who should be allowed to make one, and who should have to delete it?
#
# ## Next
#
# [03 Tune the threshold](03_tune_the_threshold.ipynb): how alike is alike enough?
