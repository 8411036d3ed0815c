# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] tags=["core"]
# # The case
#
# **Minutes:** core 20, full 30
#
# **Kind:** reading
#
# **You will**
#
# - say who sold what, who objected, and the best argument and reply of each side
# - find for a claim where it is measured, or the reason why it cannot be
# - tell a retelling that is wrong from one that is sound, on both sides
#
# **You need** to run a cell and to read a table.
#
# **Before this**, notebook 00 showed invented people. This one is about real events.

# %% [markdown] tags=["core"]
# > **What you will read.** Some people here were arrested, stopped or turned away because software
# > took them for somebody else. The timeline says so in a line each. Their story stands in one
# > section of the full form, which shows nothing unless you ask for it; nothing later needs it.
#
# Figures come from published tables in `data/published/`, each with its source. `verified` says
# how we read it: *primary*, at the source itself; *secondary*, where somebody retells it;
# *derived*, by arithmetic.

# %% tags=["core"]
from IPython.display import display

from labkit import check, predict, say
from labkit.learning import ballot
from labkit.published.arrests import arrests
from labkit.published.claims import claims, count_claims
from labkit.published.positions import positions
from labkit.published.sides import arguments, decided, what_to_ask
from labkit.views import plots
from labkit.views.timeline import timeline
from lessons.nb01 import words

# %% [markdown] tags=["core"]
# ## What was sold
#
# In late 2016 (says the Associated Press, 22 May 2018) Amazon began to sell **Rekognition**: a
# programmer sends a picture over the internet and gets back what the service finds in it. It can
# compare two faces, or search for one among many that the customer has stored. A match comes with a
# similarity up to 100, and the customer sets the lowest that counts.

# %% tags=["core"]
words.sold()

# %% [markdown] tags=["core"]
# So a customer who set nothing got 80, for a comparison and for a search (70 in a live stream).
# This public source may lag behind the website.
#
# ## Who objected, who defended
#
# Words in quotation marks are theirs. We name nobody who was taken for somebody else. Some spoke
# under their own name, others never chose to be known, and we asked none of them: one rule for
# all. Three arguments of each side are shown; `arguments()` shows all.

# %% tags=["core"]
display(positions())
arguments(3)

# %% [markdown] tags=["core"]
# Which reply answers its argument, and which answers another one?
#
# ## Ten years on one page

# %% tags=["core"]
plots.show(*timeline(words.events()))

# %% [markdown] tags=["core"]
# One thing after another is not one thing because of another: what moved a company is not in
# these tables.
#
# ## The claims, one by one
#
# Five documents from 2018 and 2019 started this lab. For every claim in them a row says whether it
# is measured here, or only **how** one would is shown, or not yet, or **cannot be, and why**.
# *Confirmed* needs an independent second source; *one source* means that only its own side tells
# it. Change `who` and run again: `"Amazon"`, `"ACLU"`, `"shareholders"`, `"everyone"`.

# %% tags=["core"]
who = "BuzzFeed"
say(count_claims().words)
claims(who)

# %% [markdown] tags=["core"]
# Much of the argument is about power, and no error rate settles that.

# %% [markdown]
# ## What was decided
#
# What each side later won and lost in court, and which rules came and went. Each rule says who
# must act on it: look for the place where you live.

# %%
decided()

# %% [markdown] tags=["core"]
# ## If it happened to you
#
# **If you are held or questioned:** say that you want a lawyer, and wait. You need not explain a
# match. Keep whatever shows where you were: receipts, messages, phone records.
#
# Who helps without charge: in the US a public defender or the ACLU, at a police station in the UK
# the duty solicitor, after a shop's alert in the UK Big Brother Watch. Ask them to find out whether
# a face was searched. This is not legal advice: laws differ, and change. More in the full form:
# `what_to_ask()`.

# %%
what_to_ask()

# %% [markdown] tags=["core"]
# ## Your ballot
#
# **Predict before anybody measures.** Later notebooks set your guess beside what was measured.
#
# **b** (notebook 03): The threshold is raised until false matches are ten times rarer, from 1 in
# 100 to 1 in 1,000. Of 100 comparisons of the *same* person, how many does dlib then miss?
# (dlib is a matcher that this lab runs.)

# %% tags=["core"]
b = ...
predict("01-ballot-b", b, low=0, high=100)

# %% [markdown]
# Four more:
#
# - **a** (notebook 08): A matcher falsely matches 1 in 1,000 pairs of two people. A hundred people
#   who are **not** enrolled are searched among 25,000. For how many does the search return
#   somebody?
# - **c** (notebook 04): A test of 535 people finds no false match. How high, in 1,000, could the
#   true rate be and still give none by luck, one time in twenty?
# - **d** (notebook 05): People drawn with darker skin, compared with those drawn lighter: how many
#   times as often does dlib fail to recognise them? 1 means equally often.
# - **e** (notebook 09): Everybody who was falsely matched is searched again with a second
#   photograph. Of ten, how many are falsely matched again?

# %%
a, c, d, e = ..., ..., ..., ...
predict("01-ballot-a", a, low=0, high=100)
predict("01-ballot-c", c, low=0, high=1000)
predict("01-ballot-d", d, low=0)
predict("01-ballot-e", e, low=0, high=10)
say(ballot.told())

# %% [markdown] tags=["core"]
# ## Which retelling is wrong?
#
# Stories change as they are told. These were written for this page after things printed or said.
# Some are wrong in a way that changes what you would conclude, some are
# sound, and one has a slip on which nothing hangs.
#
# - `'one in six'`: "In Massachusetts nearly one in six athletes was falsely matched: 27 of 188."
# - `'Gender Shades'`: "Gender Shades showed that Amazon's face recognition fails for a third of
#   darker-skinned women."
# - `'banned'`: "In 2020 a British court banned live face recognition by the police."
# - `'always 99'`: "Amazon's guide had told the police all along to use 99."
# - `'never at 99'`: "Amazon's own test proves it: set to 99, there are no false matches."
# - `'cleared by NIST'`: "NIST found the differences between groups too small to detect, so that
#   is settled."
# - `'28 members'`: "At a setting of 80, 28 of 535 members of Congress were matched to arrest
#   photographs of others."
# - `'Cardiff'`: "In Cardiff in 2017, 2,297 of 2,470 alerts were wrong."
# - `'PST'`: "The petition was delivered at 1 p.m. PST."
#
# **Exercise 01-a (check).** Which of them would you correct before you print them? Run the cell
# once as it is: it shows the rows of the record by which each can be judged. Then answer with
# names from the list, such as `["PST", "banned"]`, and run it again. Which ones would you have
# passed on unread?

# %% tags=["core", "exercise"]
answer = ...
words.judged(check("01-a", answer), answer)

# %% [markdown] tags=["core", "solution"]
# Six are wrong: three help the critics, three help vendors. The commonest mistakes have names: a
# share rounded the pleasing way; one task taken for another; a judgment on one case taken for a
# rule; a later date moved back; none seen taken for none; "some" taken for "all". None of them
# needs anybody to lie.

# %% tags=["core", "solution"]
answer = ["one in six", "Gender Shades", "banned", "always 99", "never at 99", "cleared by NIST"]
words.judged(check("01-a", answer), answer)

# %% [markdown]
# ## What errors have cost
#
# > **Content note.** This section is about people who were arrested, jailed, stopped or turned
# > away after a wrong match. If you would rather not read it, go on to the next heading. To read
# > it, set `read_on = True` and run the cell.

# %%
read_on = False
arrests(read_on)

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - Whether face recognition does more good than harm: nobody whom we could read counted the cases
#   that it solved, and of the people wrongly matched only those who became known are counted.
# - How Rekognition performs. Nothing in this lab runs it.
# - The whole record: five documents and what we found around them, mostly from the US and the UK.
#
# ## Key points
#
# - A claim goes with who made it, when, and of how many.
# - 28 of 535 at 80 and, as Amazon reports, none at 99: both depend on the setting.
# - Some claims can be measured, of some only the method can be shown, some cannot be measured.
# - Whoever is right, a wrong number makes the case weaker.
#
# ## Talk about it
#
# Set every error to zero in your mind. Which of the objections are gone, and which remain? Which
# of the vendor's arguments gets stronger, and which weaker?
#
# ## Next
#
# [02 Build a face matcher](02_build_a_matcher.ipynb): from two photographs to one number.
