# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] tags=["core"]
# # Following people
#
# **Minutes:** core 20, full 80
#
# **Kind:** working
#
# **You will**
#
# - read a file of sightings: what in it is true, what is wrong, what is missing
# - name the assumption behind each result, and turn it low and high
# - compare the matcher as measured with a perfect one, and say what each does to whom
#
# **You need** a search with a threshold, and its two errors (notebook 08).
#
# **Before this**, notebook 10 watched one crowd. Here every camera of a town keeps what it sees.

# %% tags=["core"]
import pandas as pd

from labkit import check, data, predict, published, result, say, street, views
from labkit.views import caption, explorers, finding, limit, plots
from lessons.nb11 import words

pd.options.display.max_colwidth = None  # no cell of a table is cut off

# %% [markdown] tags=["core"]
# ## What is assumed, what is measured
#
# This page is an **illustration**. The town, its people, their days and its cameras are invented,
# and every result follows from what was assumed. It can show what would follow, not how anybody
# lives. No real place or person is in it, and its rules are the plainest that give an answer.
#
# Three dials have three levels each. Two are assumptions: how regular days are, and how many street
# corners have a camera. The third is the matcher, and two of its levels were *measured* in searches
# of this lab, at thresholds chosen on people enrolled nowhere, as in notebook 08.

# %% tags=["core"]
study = street.Study()
say(study.searches().told())
views.table(street.assumptions())

# %% [markdown] tags=["core"]
# Everybody in the town is in its register, as in a register of driving licences. Visitors are in
# none. Nobody was photographed at every corner, so errors are borrowed: each resident is one
# enrolled invented face, and each passage repeats one of eight measured searches of people of the
# same [tone band](glossary.md#tone-band). Found, missed or taken for another, each as that search
# was. So people are confused with the same few others again and again, as they were when measured.
#
# ## Two weeks in a city of cameras
#
# Choose a resident and move the slider through the two weeks. Circles are sightings of this person,
# crosses are sightings of *somebody else* under the same name. The computer sees no difference.
# Eleven people of the list were drawn by lot, the last one has most sightings of others.

# %% tags=["core"]
explorers.city(study)

# %% [markdown] tags=["core"]
# Set the matcher to "high": the crosses go, and what is missing fills up. Then find somebody who
# was at the protest (P), and set the slider to the first Saturday.
#
# ## How few sightings single somebody out
#
# Take away the names. Left are files of sightings: a camera and an hour each. You know a few of
# one person's: on Monday at noon at the square, on Thursday evening by the school. **Predict before
# you look:** how many sightings, drawn by lot, fit *one* file only, for more than half of the
# people? A whole number.

# %% tags=["core"]
guess = ...
predict("11-singled", guess, low=1, high=50, whole=True)

# %% tags=["core"]
result("11-singled", *words.singled(study))
plots.show(*plots.city_unique(study, published.load("mobility").table))

# %% [markdown] tags=["core"]
# The marks beside the lines are published; the best known is of phone records, to the antenna and
# the hour, by de Montjoye and others. Against it: those points were exact and from the same
# records. Whoever had to find the same people in *two* real sets found far fewer (Kondor and
# others, Wang and others), and a record that is singled out has no name yet. In the null town,
# where names are shuffled among sightings, few suffice too: no habit is needed for that, only many
# cameras, many hours, and a file. A file with errors is shorter and holds steps of others: it is
# singled out sooner than one without errors, and is no truer for it.
#
# ## Whose name it stands under
#
# How often does somebody else stand under a name? The table has the passages of two weeks, and the
# share of searches that were measured to give a wrong name.

# %% tags=["core"]
passed = study.passages()
views.table(passed, 4)

# %% [markdown] tags=["core"]
# **Exercise 11-a (check).** How many sightings of somebody else do you expect under an average
# resident's name? Let Python multiply and divide: `passed.loc["visitors", "passages"]` reads one
# number. Answer to three digits, such as 2.34.

# %% tags=["core", "exercise"]
answer = ...
check("11-a", answer)

# %% [markdown] tags=["solution"]
# Each row has its own rate: multiply row by row, add, and divide by those who have a name to give,
# the residents. Visitors add wrong names and have no file that could be wrong.

# %% tags=["core", "solution"]
wrong = (passed["passages"] * passed["wrong name"]).sum()
answer = wrong / passed.loc["residents", "people"]
check("11-a", answer)

# %% [markdown] tags=["core"]
# An average is nobody. Here is how they fall:

# %% tags=["core"]
plots.show(*plots.city_false_links(study))
say(words.links(study))

# %% [markdown]
# ## Turn the dials
#
# Every result moves with what was assumed. Here each dial goes from low to high while the two
# others stay in the middle.

# %%
plots.show(*plots.city_dials(study))
say(words.dials(study))

# %% [markdown]
# A visit is two sightings near a place at its hours, one coming and one going; a pair are two who
# pass a camera in the same minute again and again. Other rules would give other numbers. The
# dashed line is the **null town**: the same sightings, at the same cameras and minutes, under
# shuffled names, so that everybody keeps their number and loses their days. Whatever is found
# there, the rules find in anything.
#
# All numbers of the figure, with the sightings under an average name and those of others:

# %%
turned = street.in_words(study.dials().T).round(1)
turned.columns = turned.columns.map(", ".join)
views.table(turned)

# %% [markdown]
# One town was drawn, by lot. Another has its cameras elsewhere, and the same measured errors:

# %%
other = street.Study(seed=1).compared().add_suffix(", another town")
views.table(street.in_words(study.compared().join(other)).round(0))

# %% [markdown]
# What differs between two columns of one name is luck of the lot: a camera near a clinic, or none.
# Only what holds in both towns is worth a sentence.
#
# ## Whom errors hit
#
# The matcher's errors by tone band, as measured in searches; one search a person.

# %%
views.table(study.searches().rates())

# %%
say(words.groups(study))
limit(data.limits())

# %% [markdown]
# And in the invented town, where these errors are repeated at passages; a band has its number of
# residents, and its own homes and cameras by lot. Wrong names are left out here: so few were
# measured in each band, the same ones for every town, that they cannot tell bands apart.

# %%
caption(data.limits(short=True))
views.table(study.by_band().drop(columns="false links"), 2)

# %% [markdown] tags=["core"]
# ## Is perfect better?
#
# This is the one comparison here of which one side rests on a measurement: the matcher as measured,
# and one that makes no error, in the same town.

# %% tags=["core"]
plots.show(*plots.city_compared(study))
finding(words.found(study))

# %% [markdown] tags=["core"]
# Errors put other people's steps under a name, most of them under few names. Without errors nobody
# is mistaken for another, and more is known about everybody. (That all are named at the protest is
# assumed: the square has a camera at every level of that dial.) In which of the two would you
# rather live? Both answers, in the words of those who gave them, and what became of the vendor's
# own function for following people through a film:

# %% tags=["core"]
say(words.sides())

# %% [markdown] tags=["core"]
# In its strongest form the first answer says: every error that is gone is one stop less of somebody
# who did nothing, and a missing person found sooner. The second says: what protects people in a
# street is that nobody writes down who passes, and no accuracy gives that back. One is about how
# well it works, the other about who may do it. They can both be right.

# %% [markdown]
# ## No error, and wrong all the same
#
# A perfect matcher names everybody rightly. What is *concluded* from names is another step. Here
# are the pairs of people that spend evenings together, the pairs that were written down, and those
# that are both, with no error at all:

# %%
pairs = study.pairs("perfect")
pairs

# %% [markdown]
# **Exercise 11-b (check).** Somebody reads the list. What share of the pairs *on it* do not meet?
# Answer to three digits, such as 0.567; `pairs["both"]` reads one number.

# %% tags=["exercise"]
answer = ...
check("11-b", answer)

# %% [markdown] tags=["solution"]
# What stands on the list and is not true, divided by the list. The share of true pairs that were
# missed has another number below the line; a report may choose between them. These are people who
# leave home in the same minute and walk the same street: no better camera and no better matcher
# tells them from friends.

# %% tags=["solution"]
answer = (pairs["written down"] - pairs["both"]) / pairs["written down"]
check("11-b", answer)

# %% [markdown]
# ## What may be kept?
#
# A sighting that is not stored cannot be asked for. One may forbid names, or places, or hours, or
# keep each for a day; search only for people on a list that a judge has signed; or take the cameras
# down.
#
# **Exercise 11-c (write).** You write the rule for this town. What would you forbid to store, and
# how long may the rest be kept? Write a sentence behind each `#`, then answer the three questions
# that `check` asks: a list of three, each `"yes"` or `"no"`. An honest "no" is fine.

# %% tags=["exercise"]
# my rule, first sentence:
# second sentence:
# third sentence:
answer = ...
check("11-c", answer)

# %% [markdown] tags=["solution"]
# There is no right rule. One among many: "A sighting is deleted after an hour unless a judge has
# named the person beforehand; nobody keeps who was at a service, a clinic or a protest; the log of
# who looked is public." It protects people from a perfect matcher too. Its price: who went missing
# yesterday and is reported today is on no camera.

# %% tags=["solution"]
answer = ["yes", "yes", "yes"]
check("11-c", answer)

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - How often real people would be found. Days, streets, cameras and rules are invented; turn a dial
#   and another number stands there.
# - What any vendor's product does. Matchers are those of this lab, on invented faces.
# - Errors at a passage. They are borrowed from single photographs; all of somebody's photographs on
#   one rainy evening may fail together, and a film has more than one frame.
# - Differences between tones that come from face shape or ancestry: they are not built in.
# - What people do once they know that they are seen.
#
# ## Key points
#
# - A file of sightings can say where, and by that with whom, what somebody believes, who is ill:
#   it depends on where cameras stand.
# - A few sightings single a person out, with habits or without.
# - False sightings gather under few names; an average hides them.
# - An end of errors is an end of mistakes, and of being one among many. A conclusion can still be
#   wrong.
#
# ## Talk about it
#
# The town has the cameras already, for traffic. What would have to be decided, by whom, before a
# matcher is connected to them? Who would not be asked?
#
# ## Next
#
# Notebook 12 asks you to decide, with your own numbers.
