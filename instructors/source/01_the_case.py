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
# - say who sold what, who objected, and with which arguments
# - find for a claim where it is tested, or the reason why no experiment here can
# - tell a retelling that is wrong from one that is sound, on both sides
#
# **You need** to run a cell and to read a table.
#
# **Before this**, notebook 00 showed the lab and its invented people. This one is about real
# events.

# %% [markdown] tags=["core"]
# > **What you will read.** The full form has one section, *What errors have cost*, about arrests
# > and jail. It has a note of its own, shows nothing unless you ask for it, and nothing later
# > needs it.
#
# Every figure comes from a published table in `data/published/` with its source. `verified` says
# how we read it: *primary*, at the source itself; *secondary*, where somebody retells it;
# *derived*, by arithmetic. What we could not read anywhere is not here.
#
# ## What was sold
#
# In late 2016 (says the Associated Press, 22 May 2018) Amazon began to sell **Rekognition**: a
# programmer sends a picture over the internet and gets back what the service finds in it, faces
# among other things. It can compare two faces, or search for one among many that the customer has
# stored. Amusement parks and a county sheriff used it. This is what Amazon's guide said, and
# when.

# %% tags=["core"]
from labkit import check, predict, published, say
from labkit.published.arrests import arrests
from labkit.published.claims import claims, count_claims
from labkit.views import plots
from labkit.views.timeline import timeline
from lessons.nb01 import words

published.readable(words.sold())

# %% [markdown] tags=["core"]
# So 80 was the default for comparing two faces; for a search, the guide named none. This public
# source may lag behind the website, and customers may have been told other things elsewhere.
#
# ## Who objected, who defended

# %% tags=["core"]
published.readable(words.actors())

# %% [markdown] tags=["core"]
# Each row gives the strongest reason that we could read, in our words.
#
# ## Ten years on one page

# %% tags=["core"]
plots.show(*timeline(words.events()))

# %% [markdown] tags=["core"]
# One thing after another is not one thing because of another. Whether a letter, a test or
# something else moved a company is not in these tables, and we do not guess.
#
# ## The claims, one by one
#
# Five documents from 2018 and 2019 started this lab. Every claim in them has a row: who says it,
# what other sources say, and which section tests it, **or why no experiment here can**.
# *Confirmed*, *disputed* and *corrected* need a second source; *open* means there is none, or
# that it is a judgement or a forecast. Change `who` and run again: `"ACLU"`, `"shareholders"`,
# `"everyone"`.

# %% tags=["core"]
who = "Amazon"
claims(who)

# %% [markdown] tags=["core"]
# Amazon appears mostly as its critics quote it: the documents were written by them and by the
# press. So its side needs a section of its own. First, how much of all this can be tested?

# %% tags=["core"]
say(words.told_tested(count_claims()))

# %% [markdown] tags=["core"]
# Much of the argument is about power, and no error rate settles that. Measuring what can be
# measured keeps the rest honest.
#
# ## The vendor's best arguments
#
# In Amazon's own words, from its statements of 2018, which we read where the press quotes them:
#
# - **A human decides.** Police use it "to help narrow the field" for people who review what it
#   finds (statement, July). A test of thresholds alone does not test that use.
# - **The setting was wrong.** "We should not throw away the oven because the temperature could be
#   set wrong and burn the pizza" (Matt Wood, AWS blog, 27 July): at 99, he wrote, Amazon's own
#   repetition with 850,000 faces found no false match. Pictures and code were not published.
# - **It does good**, for example by "reuniting missing children with their families" (AWS blog,
#   1 June).
# - **Do not outlaw a tool.** "Quality of life would be much worse today if we outlawed new
#   technology because some people could choose to abuse the technology" (spokesperson, May).
# - **There are rules.** "We require our customers to comply with the law" (statement, May).
#
# And the critics' best answers, in ours: a default is what you get if nobody sets anything;
# people may trust what a machine puts before them; how many were found and how many falsely
# matched was not published beside these statements; the seller would have to enforce its rules
# against its own customers; and a system that never erred could follow everybody everywhere.
#
# ## Your ballot
#
# **Predict before anybody measures.** Later notebooks open it. Each answer is one number. The
# first: a matcher falsely matches 1 in 1,000 pairs of two people. A hundred people who are
# **not** enrolled are searched among 25,000. For how many does the search return somebody?
# (Notebook 08.)

# %% tags=["core"]
guess = ...
predict("01-ballot-a", guess, low=0, high=100)

# %% [markdown]
# Four more:
#
# - **b** (notebook 03): the threshold is raised until false matches are ten times rarer, from 1
#   in 100 to 1 in 1,000. Of 100 comparisons of the *same* person, how many does dlib then miss?
# - **c** (notebook 04): a test of 535 people finds no false match. How high, in 1,000, could the
#   true rate be and still give none by luck, one time in twenty?
# - **d** (notebook 05): people drawn with darker skin, compared with those drawn lighter: how
#   many times as often does dlib fail to recognise them? 1 means equally often.
# - **e** (notebook 09): everybody who was falsely matched is searched again with a second
#   photograph. Of ten, how many are falsely matched again?

# %%
b, c, d, e = ..., ..., ..., ...
predict("01-ballot-b", b, low=0, high=100)
predict("01-ballot-c", c, low=0, high=1000)
predict("01-ballot-d", d, low=0)
predict("01-ballot-e", e, low=0, high=10)
say(words.told_ballot())

# %% [markdown] tags=["core"]
# ## Which retelling is wrong?
#
# Stories change as they are told, on every side. These sentences were written for this page after
# things that were printed or said. Some are wrong in a way that changes what you would conclude,
# some are sound, and one has a slip on which nothing hangs.
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
# **Exercise 01-a (choose).** Choose one that is wrong in a way that matters. Then try one from
# the other side, and one that you hold to be sound. What would you have to look up?

# %% tags=["core", "exercise"]
answer = ...
check("01-a", answer)

# %% [markdown] tags=["solution"]
# Six are wrong: three please critics, three please vendors. The commonest mistakes have names: a
# share rounded the pleasing way; one task taken for another (naming a gender is not recognising a
# person); a judgment on one case taken for a rule; a later date moved back; none seen taken for
# none; "some" taken for "all". None of them needs anybody to lie. The slip about the clock is
# real, and looking for slips is no substitute for looking for mistakes. Here is what is said to
# each.

# %% tags=["core", "solution"]
answer = "one in six"
check("01-a", answer)

say(words.told_retellings())

# %% [markdown]
# ## What errors have cost
#
# > **Content note.** This section is about people who were arrested or jailed after a wrong
# > match. If you would rather not read it, go on to the next heading: nothing later needs it. To
# > read it, set `read_on = True` and run the cell. We leave out names. People told their stories
# > in court or to the press so that they would be heard; you find them through the sources.

# %%
read_on = False
arrests(read_on)

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - Whether face recognition does more good than harm: neither the cases solved nor the people
#   wrongly matched were counted by anybody whom we could read.
# - Why anybody did what they did. Dates stand side by side; motives are not in the tables.
# - How Rekognition performs. Nothing in this lab runs it.
# - The whole record: these are five documents and what we found around them, mostly from the US
#   and the UK.
#
# ## Key points
#
# - A claim goes with who made it, when, and of how many.
# - 28 of 535, at 80, and none at 99: both depend on a setting, and each side chose one.
# - Some claims can be tested, some only in part, some not at all. Saying which is part of the
#   work.
# - Being right does not protect from bad arithmetic.
#
# ## Talk about it
#
# Set every error to zero in your mind. Which of the objections are gone, and which remain? Which
# of the vendor's arguments gets stronger, and which weaker?
#
# ## Next
#
# [02 Build a face matcher](02_build_a_matcher.ipynb): from two photographs to one number.
