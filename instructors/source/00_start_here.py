# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] tags=["core"]
# # Start here
#
# **Minutes:** core 15, full 20
#
# **Kind:** reading
#
# **You will**
#
# - meet the invented people of Anytown and say what about the lab is invented and what is not
# - answer a first exercise, wrong on purpose and then right
# - compare 20 pairs of faces yourself, before any machine does
#
# **You need** to run a cell (click it, then press Shift and Enter) and to read a table. You need
# not read the code: run it, and read what it prints.
#
# **Before this** comes nothing: every other notebook starts from here.

# %% [markdown]
# Every notebook has a shorter way through it, the **core**: leave out what is marked `full form`.
# The first number of minutes is for the core.

# %% tags=["core"]
from IPython.display import display

from labkit import check, data, journal, predict, result, say
from labkit.app.doctor import doctor
from labkit.learning.game import ANSWERS, counted, game_pairs, kept_answers, telling_distance
from labkit.views import explorers, plots
from labkit.views.portraits import portraits
from lessons.nb00 import words

# %% [markdown] tags=["core"]
# ## Nobody lives here
#
# These people do not exist. A program drew them from named numbers: the width of a nose, the
# depth of an eye, how much light the skin returns. Skin tone was drawn without looking at the
# shape of the face, so Anytown is nobody's town.

# %% tags=["core"]
faces = data.load("anytown/dev")
plots.show(*portraits(faces, 40))
print(f"The first 40 of the {len(faces.people)} people of {faces.name}, not selected.")

# %% [markdown]
# ## One thing at a time
#
# In Anytown no [tone](glossary.md#tone) has a "typical face": tone and shape were drawn
# independently. No real town came about like that. It is done here so that one thing can be
# changed while everything else stays as it is.
#
# > [Correlation](glossary.md#correlation) is a number from -1 to 1.
# > It says how far two columns go up and down together; near 0, one tells nothing of the other.
# > Even for unrelated columns it is seldom exactly 0: chance plays in.

# %%
shape = faces.people.loc[:, "face_width":"asymmetry_mouth"]
tone = faces.people["tone"]
shuffled = tone.sample(frac=1, random_state=1).set_axis(tone.index)
largest, by_chance = (shape.corrwith(t).abs().max() for t in (tone, shuffled))
print(f"Largest correlation of tone with any of {shape.shape[1]} numbers of shape: {largest:.2f}.")
print(f"With tones dealt out again at random, the largest is {by_chance:.2f}.")
verdict = "no more" if largest <= by_chance else "more"
print(f"So tone goes with shape {verdict} than chance would have it.")

# %% [markdown]
# So this lab **cannot** show differences between groups that come from the shape of faces or from
# ancestry, and it says nothing about how often a matcher errs on real people. Tone is a drawing
# parameter, not a race. [Presentation](glossary.md#presentation) is another, not a gender: one
# number by which faces, hair and clothes were drawn more in one way or another.

# %% [markdown] tags=["core"]
# ## Why invented people?
#
# Because large sets of faces have been made from pictures that were there to be taken. *Labeled
# Faces in the Wild* (Huang and others, 2007) was made from news photographs. *MS-Celeb-1M* (Guo
# and others, 2016) was made from web searches for people's names. *MegaFace*
# (Kemelmacher-Shlizerman and others, 2016) was made from photographs that people had shared on
# Flickr. The people in the pictures did not hand them over for that. Such a set can be withdrawn
# by its makers; the copies cannot.
#
# ## What is not invented
#
# The [matcher](glossary.md#matcher), the program that compares two faces, is real:
# [DeepFace](https://github.com/serengil/deepface), a free program library, with the network of
# *dlib*, another one. A *network* (in full: neural network) is a long calculation whose numbers
# were adjusted on examples. The examples for this one were about 3 million photographs of 7,485
# people, many of them scraped from the internet
# ([Davis King's notes](https://github.com/davisking/dlib-models) on dlib's models). The model that
# finds the eyes was made from downloaded pictures too. No consent is on record. We use them because
# they run on your own computer, without the internet, and their author put them in the public
# domain. You should know.

# %% [markdown] tags=["core"]
# ## Is everything in place?
#
# `doctor()` looks at what the notebooks need and says what to do about what is missing.

# %% tags=["core"]
doctor()

# %% [markdown] tags=["core"]
# ## How an exercise works
#
# Put your answer in place of the three dots `...` and run the cell. `check` never stops the
# notebook: it says "right", or gives a hint that fits your mistake, and the notebook goes on
# either way.
#
# **Exercise 00-a (check).** How many photographs of the people in `faces` are there? `faces` has
# two tables: in `faces.people` each person has a row, in `faces.images` each photograph.
# `len(table)` counts the rows of a table.
#
# First be wrong on purpose: count the **people**, run, and read the hint. Then answer the question.

# %% tags=["core", "exercise"]
answer = ...
photographs = check("00-a", answer).value

# %% [markdown] tags=["solution"]
# The table of images has one row a photograph, so its length is the answer. `len(faces.people)`
# counts people, and everybody was photographed several times.

# %% tags=["core", "solution"]
answer = len(faces.images)
photographs = check("00-a", answer).value

# %% [markdown] tags=["core"]
# ## The game: one person or two?
#
# You will see 20 pairs of photographs. Each pair shows one person twice, or two people. A coin
# decided which, so you cannot work out the last answers by counting. Between two photographs
# light, mood, hair and glasses may change. Two different people are always near in age and drawn
# in the same of three bands of skin tone; light can still make one look lighter than the other.
#
# **Predict before you play:** of 20 pairs, how many will you get right?

# %% tags=["core"]
guess = ...
predict("00-game", guess, low=0, high=20, whole=True)

# %% [markdown] tags=["core"]
# Play with the buttons or with the keys that they name. If you do not want to look, or cannot,
# choose the version in words: it gives measured distances in each face, hair and glasses. The
# sentence below the game says how much a difference of distances tells.

# %% tags=["core"]
pairs = game_pairs()
known = {"guess": guess, "answers": kept_answers()}
game = explorers.game(pairs.pictures(), pairs.same, texts=pairs.texts(), **known)
display(game)
say(words.told_distance(telling_distance(faces)))

# %% [markdown] tags=["core"]
# When you have played all 20, **run the next cell**, also if it has run before. Your answers are
# kept in your **journal**, a small file on this computer. The full form of notebook 03 gives the
# same 20 pairs to the matcher.

# %% tags=["core"]
count = counted(game.answers, pairs.same)
if game.finished:
    journal.keep(ANSWERS, game.answers)
    result("00-game", count.right)
say(words.told_count(count))

# %% [markdown] tags=["core"]
# ## Stop, and come back
#
# What you write stays in your notebooks, your guesses and answers in the journal. When you open a
# notebook again, choose **Run > Run All Cells**: that wakes the parts that move. Do the same when a
# cell says `NameError`: a notebook that rests for ten minutes on Binder, or two hours on your own
# computer, gives its memory back and forgets what its cells made.
#
# On your own computer all of it stays where it is. On **Binder** everything vanishes when the
# session ends: save your journal before you close it, and your notebooks with File > Download. Next
# time drag the saved `lab-journal.json` into the list of files on the left and run
# `journal.restore('lab-journal.json')` in a new cell: your guesses and answers are back.

# %% tags=["core"]
journal.export()

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - Whether you are good at telling faces apart: 20 pairs are too few, and drawings are not faces.
# - How often any matcher errs on real people.
# - Whether it is right to use a network made from scraped photographs. That is a question for you.
#
# ## Key points
#
# - The people are invented; the matcher is real and was made from real people's photographs.
# - Tone was drawn independently of shape: one factor can be changed at a time.
# - Guess first, then run; the journal keeps both.
#
# ## Talk about it
#
# dlib's network was made from photographs of people of whom no consent is on record. Does using it
# to teach about that make it better, worse or neither? What would you want to be told if your
# photograph were in it?
#
# ## Next
#
# [01 The case](01_the_case.ipynb): what happened in 2018. Or go straight to
# [02 Build a face matcher](02_build_a_matcher.ipynb).
