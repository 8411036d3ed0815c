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
# > asked, stays out. If you would rather not see your own face measured, leave it as it is. On
# > Binder, Codespaces or a school's server leave it as well: pictures would have to be uploaded to
# > somebody else's computer, and where the lab sees that it runs on one it opens no folder.

# %% tags=["core"]
from labkit import check, predict, result, say
from labkit.experiment.two_paths import two_paths
from labkit.published.listed import readable
from lessons.nb13 import words

# %% [markdown] tags=["core"]
# ## Ask first
#
# A [template](glossary.md#template) is made from a face, and a face cannot be changed as a password
# can. dlib's network, used below, was made from 3 million photographs of 7,485 people, and no
# consent is on record. Here your folder is not opened before every question is answered. A program
# cannot know whether an answer is true, and keeps no record of it; you can know. If you are not an
# adult yourself, ask a parent or a teacher before you start.

# %% tags=["core"]
words.asked()

# %% [markdown] tags=["core"]
# To use your own photographs: make a folder, in it a folder for each person, in that two or more
# pictures of that person **alone**. Call the people's folders A, B, C: names you write would be
# printed below. Write where the folder lies with quotation marks and `/`, on Windows too, such as
# `"~/Desktop/friends"` or `"C:/Users/anna/friends"`, and who said yes, such as `["A", "B", "C"]`.
# No other folder is opened. Whoever changes their mind is taken off the list, and their folder
# deleted.

# %% tags=["core"]
folder = ...
said_yes = ...

# %% [markdown] tags=["core"]
# Write `"yes"` where it is true, and for the questions that say so `"does not apply"` where it does
# not. With one `"no"` or one `...` left, nothing is loaded.

# %% tags=["core"]
answers = {
    "asked": ...,
    "told": ...,
    "results": ...,
    "free": ...,
    "children": ...,
    "background": ...,
    "place": ...,
    "withdraw": ...,
    "delete": ...,
    "only_this": ...,
}

# %% tags=["core"]
photographs = words.photographs(folder, said_yes, answers)

# %% [markdown] tags=["core"]
# Whenever you change one of these, run all cells below again. Pictures are read where they lie.
# Templates stay in memory until you shut the kernel down (Kernel > Shut Down Kernel); closing the
# tab does not do it. Pictures in which a search finds more than one face are left out, and named.
# The lab never guesses anybody's race, gender, age or feelings: it compares faces, and no more.
#
# **What stays on disk:** your pictures; this notebook once it is saved, with your folder's place,
# your answers and all that is printed, file names included; a copy in `.ipynb_checkpoints`, and
# perhaps one in `yours`; in your journal your guess, but not what your photographs gave. If you
# draw a picture here, the face is saved in the notebook. Before you hand it on: empty these cells,
# clear all outputs (Edit > Clear Outputs of All Cells), save, and delete the copies.
#
# ## One network, five ways to it
#
# The network is the same in all that follows, dlib's of 2017, and so is the
# [threshold](glossary.md#threshold), the one that DeepFace takes for this network when you set
# none: a distance of .07. What differs is what happens **before** the network: what finds the face
# (Haar, HOG and YuNet are three detectors), what is cut out, how large it is given to the network,
# and which face is meant where there are several.
#
# **Predict before you run:** of 100 comparisons of two *different* people, how many does DeepFace
# with its Dlib model and its own default detector call the same person?

# %% tags=["core"]
guess = ...
predict("13-haar", guess, low=0, high=100)

# %% tags=["core"]
paths = two_paths(photographs)
measured = words.per_hundred(paths, "DeepFace with Dlib")
if photographs.invented:
    result("13-haar", measured)
else:
    say(words.unkept(measured))
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
# *Labeled Faces in the Wild* (Huang and others, 2007) was collected from the news, and its report
# tells of no consent. It holds only faces that a detector of Haar's kind had found, so it says
# little of such a detector. `data.load_lfw_pairs(download=True)` fetches it through scikit-learn,
# asks no question, and leaves it in `scikit_learn_data` until you delete that folder. No notebook
# does so: decide yourself whether to. DeepFace knows other networks:
# `matchers.DeepFaceMatcher(model="Facenet512")` fetches its weights; without a network the lab says
# in one sentence that it cannot.

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - How often any of these paths errs on people who are not in the folder.
# - Whether one path errs more for some people than for others: that takes many more of each.
# - What Rekognition, or any other vendor's service, would make of these pictures.
# - Whether yes was meant by whoever said it: asking a pupil or an employee is not asking a friend.
# - What the law asks for where you are.
#
# ## Key points
#
# - No folder of people is opened before every question is answered, and of those who said yes only.
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
