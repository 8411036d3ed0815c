# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] tags=["core"]
# # Real photographs, with consent
#
# **Minutes:** core 15, full 25
#
# **Kind:** reading
#
# **You will**
#
# - answer what must be answered before a real person's photograph is compared
# - see one network err more or less by the way a face reaches it
# - say how little a small folder can show
#
# **You need** to run a cell and to read a table. This notebook is optional: nothing builds on it.
#
# **Before this**, notebook 02 built a matcher, 03 chose a threshold, 04 asked how sure one can be.

# %% [markdown] tags=["core"]
# > **You need no pictures.** As it stands, this notebook uses portraits of invented people and says
# > so. Whoever is in a group photograph, or cannot be asked, or is a child whose parents were not
# > asked, stays out. If you would rather not see your own face measured, leave it as it is.

# %% tags=["core"]
from labkit import check, predict, result, say
from labkit.experiment.two_paths import two_paths
from labkit.published.listed import readable
from lessons.nb13 import words

# %% [markdown] tags=["core"]
# ## Ask first
#
# A [template](glossary.md#template) of a face is a password that cannot be changed. Most faces that
# face recognition was built on belong to people who were never asked. Here nobody's picture is
# loaded before six questions are answered with yes. A program cannot know whether an answer is
# true; you can.

# %% tags=["core"]
words.asked()

# %% [markdown] tags=["core"]
# To use your own photographs: make a folder, in it a folder for each person, in that two or more
# pictures of that person. Write the folder's name below, and `"yes"` where it is true. With one
# `"no"` or one `...` left, nothing is loaded.

# %% tags=["core"]
folder = ...
answers = {
    "asked": ...,
    "told": ...,
    "free": ...,
    "children": ...,
    "withdraw": ...,
    "nobody_else": ...,
}
photographs = words.photographs(folder, answers)

# %% [markdown] tags=["core"]
# Pictures are read where they lie. Templates stay in memory and are gone when you close the
# notebook; nothing is written beside the pictures and nothing is sent. The lab never guesses
# anybody's race, gender, age or feelings: it compares faces, and no more.
#
# ## One network, five ways to it
#
# The network is the same in all that follows, dlib's of 2017, and so is the
# [threshold](glossary.md#threshold), the one that DeepFace takes when you set none. What differs is
# what happens **before** the network: what finds the face, what is cut out, how large it is given
# to the network, and which face is meant where there are several.
#
# **Predict before you run:** of 100 comparisons of two *different* people, how many does DeepFace,
# used as it comes, call the same person?

# %% tags=["core"]
guess = ...
predict("13-haar", guess, low=0, high=100)

# %% tags=["core"]
paths = two_paths(photographs)
result("13-haar", words.per_hundred(paths, "as DeepFace comes"))
readable(paths.differs())

# %% [markdown] tags=["core"]
# Read each row as a change to the row above it. Now what came out, at one and the same threshold:

# %% tags=["core"]
say(words.told(paths, photographs), paths.words())
readable(paths.table())

# %% [markdown] tags=["core"]
# "No face" is no small thing: whoever is not found cannot be compared, and a rate among the rest
# looks better for it. Where a column says *too few*, believe it.

# %% [markdown]
# ## Why a threshold must be chosen again
#
# A threshold is a distance in the numbers that one network makes of faces that were cut out in one
# way. Cut them out another way, or photograph other people in other light, and the same distance
# means something else. Whoever says "we use .07" has said nothing until you know the rest.

# %%
say(paths.chosen())
readable(paths.by_threshold("as trained, searched"))

# %% [markdown] tags=["core"]
# ## How little this can show
#
# A friend has a folder of 8 people with 5 photographs each. Not one of her comparisons of two
# people is a false match. "So it never errs", she says. Comparisons of the same two people share
# the same two faces, so what counts is how many **pairs of people** she has.
#
# **Exercise 13-a (check).** How many different pairs of two people are there among eight people?

# %% tags=["core", "exercise"]
answer = ...
say(check("13-a", answer).then(words.bound))

# %% [markdown] tags=["core", "solution"]
# The first person makes a pair with seven others, the second with six more, and so on: 28. Her 700
# comparisons of two people are comparisons of these 28 pairs only.

# %% tags=["core", "solution"]
answer = 8 * 7 // 2
say(check("13-a", answer).then(words.bound))

# %% [markdown]
# ## Other pictures, other networks
#
# *Labeled Faces in the Wild* (Huang and others, 2007) holds news photographs, whose people did not
# hand them over for this. `data.load_lfw_pairs(download=True)` fetches it through scikit-learn,
# once. No notebook does so: decide yourself whether to. DeepFace knows other networks:
# `matchers.DeepFaceMatcher(model="Facenet512")` fetches its weights, where there is a network, and
# says so in one sentence where there is none.

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - How often any of these paths errs on people who are not in the folder.
# - Whether one path errs more for some people than for others: that takes many more of each.
# - What Rekognition, or any other vendor's service, would make of these pictures.
# - Whether yes was meant by whoever said it: asking a pupil or an employee is not asking a friend.
#
# ## Key points
#
# - No real picture before every question is answered with yes.
# - The same network errs differently by how a face is found and cut out: ask for the whole path.
# - A threshold belongs to a network, a path and pictures, and is chosen again for others.
# - Few people show little, however many photographs there are.
#
# ## Talk about it
#
# Who in this room could say no to being in such a folder, and lose nothing by it? What would you
# want to be told before you say yes? Would you want to be told afterwards what came out?
#
# ## Next
#
# Notebook 12, [Decide](12_decide.ipynb), or back to
# [03 Tune the threshold](03_tune_the_threshold.ipynb) with what you have seen here.
