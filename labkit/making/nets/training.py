"""Train a network to tell people apart, from their chips: JAX, flax and optax.

In: chips, shape (n, 64, 64, 3), uint8, and who is on each.  Out: a :class:`Net`, which makes 128
numbers of a chip.

The network is a small residual one; it learns with an additive margin (Wang, Cheng, Liu and Liu
2018, "Additive Margin Softmax for Face Verification", arXiv:1801.05599).  Everything that chance
decides (first weights, order, small changes of a picture) comes from the seed.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
from numpy.typing import NDArray

from labkit.making.nets.recipe import Recipe
from labkit.matchers.network import LENGTH

WIDTHS = (24, 32, 48, 64)  # channels: after the first layer, and of each stage
THIN = 32  # channels that the last stage is brought to, before they are put in a row


class Block(nnx.Module):
    """Two convolutions beside a way past them."""

    def __init__(self, before: int, after: int, stride: int, rngs: nnx.Rngs) -> None:
        conv = partial(nnx.Conv, kernel_size=(3, 3), use_bias=False, rngs=rngs)
        self.first = conv(before, after, strides=(stride, stride))
        self.second = conv(after, after)
        self.norm1 = nnx.BatchNorm(after, momentum=0.9, rngs=rngs)
        self.norm2 = nnx.BatchNorm(after, momentum=0.9, rngs=rngs)
        self.past = (
            nnx.Conv(before, after, (1, 1), strides=(stride, stride), use_bias=False, rngs=rngs)
            if stride > 1 or before != after
            else None
        )

    def __call__(self, x: jax.Array) -> jax.Array:
        """Both ways added."""
        y = nnx.relu(self.norm1(self.first(x)))
        y = self.norm2(self.second(y))
        return nnx.relu(y + (x if self.past is None else self.past(x)))


class Net(nnx.Module):
    """Chips to templates."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        first, *stages = WIDTHS
        self.stem = nnx.Conv(3, first, (3, 3), strides=(2, 2), use_bias=False, rngs=rngs)
        self.norm = nnx.BatchNorm(first, momentum=0.9, rngs=rngs)
        blocks = []
        for k, width in enumerate(stages):
            blocks.append(Block(first, width, 2, rngs))
            if k == 0:
                blocks.append(Block(width, width, 1, rngs))
            first = width
        self.blocks = nnx.List(blocks)
        self.thin = nnx.Conv(first, THIN, (1, 1), use_bias=False, rngs=rngs)
        self.norm_thin = nnx.BatchNorm(THIN, momentum=0.9, rngs=rngs)
        self.out = nnx.Linear(THIN * 16, LENGTH, use_bias=False, rngs=rngs)
        self.norm_out = nnx.BatchNorm(LENGTH, momentum=0.9, use_scale=False, rngs=rngs)

    def __call__(self, chips: jax.Array) -> jax.Array:
        """Templates of chips with values 0..255, shape (n, 64, 64, 3): shape (n, 128)."""
        x = chips / 127.5 - 1.0
        x = nnx.relu(self.norm(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        x = nnx.relu(self.norm_thin(self.thin(x)))
        return self.norm_out(self.out(x.reshape(x.shape[0], -1)))


def _loss(net: Net, heads: Any, chips: Any, who: Any, scale: float, margin: float) -> jax.Array:
    """Additive-margin softmax over the training people."""
    templates = net(chips)
    templates = templates / jnp.linalg.norm(templates, axis=1, keepdims=True)
    heads = heads.value / jnp.linalg.norm(heads.value, axis=0, keepdims=True)
    cosine = templates @ heads
    own = jax.nn.one_hot(who, cosine.shape[1]) * margin
    return optax.softmax_cross_entropy_with_integer_labels(scale * (cosine - own), who).mean()


class Whole(nnx.Module):
    """The network and what is thrown away after training: a direction for every person."""

    def __init__(self, people: int, rngs: nnx.Rngs) -> None:
        self.net = Net(rngs)
        self.heads = nnx.Param(jax.random.normal(rngs.params(), (LENGTH, people)) * 0.05)


@partial(nnx.jit, static_argnames=("scale", "margin"))
def _step(
    whole: Whole, optimizer: Any, chips: Any, who: Any, key: Any, scale: float, margin: float
) -> jax.Array:
    chips = _changed(chips.astype(jnp.float32), key)
    loss, grads = nnx.value_and_grad(lambda w: _loss(w.net, w.heads, chips, who, scale, margin))(
        whole
    )
    optimizer.update(whole, grads)
    return loss


def _changed(chips: jax.Array, key: jax.Array) -> jax.Array:
    """Each chip mirrored or not, a little brighter or darker, moved by up to two pixels."""
    flip, light, contrast, move = jax.random.split(key, 4)
    n = len(chips)
    mirrored = jax.random.bernoulli(flip, 0.5, (n, 1, 1, 1))
    chips = jnp.where(mirrored, chips[:, :, ::-1], chips)
    chips = chips * jax.random.uniform(contrast, (n, 1, 1, 1), minval=0.8, maxval=1.25)
    chips = chips + jax.random.uniform(light, (n, 1, 1, 1), minval=-20.0, maxval=20.0)
    by = jax.random.randint(move, (2,), -2, 3)
    return jnp.clip(jnp.roll(chips, by, axis=(1, 2)), 0, 255)


def train(
    chips: NDArray[np.uint8],
    who: NDArray[np.integer],
    seed: int,
    recipe: Recipe,
) -> tuple[Net, float]:
    """Train one network.

    Parameters
    ----------
    chips
        Shape (n, 64, 64, 3), uint8 RGB.
    who
        Whose they are, shape (n,).
    seed
        First weights, order of the pictures, changes of a picture.
    recipe
        Of all networks.

    Returns
    -------
    net
        Ready to be asked: its normalisation is fixed.
    loss
        Of the last batch.
    """
    labels = np.unique(who, return_inverse=True)[1]
    whole = Whole(int(labels.max()) + 1, nnx.Rngs(seed))
    whole.train()
    warm = max(1, recipe.steps // 10)
    plan = optax.warmup_cosine_decay_schedule(0.0, recipe.rate, warm, recipe.steps)
    optimizer = nnx.Optimizer(whole, optax.adamw(plan, weight_decay=recipe.decay), wrt=nnx.Param)
    rng, key = np.random.default_rng(seed), jax.random.key(seed)
    order = _order(len(chips), recipe, rng)
    for step, rows in enumerate(order):
        loss = _step(
            whole,
            optimizer,
            chips[rows],
            labels[rows],
            jax.random.fold_in(key, step),
            recipe.scale,
            recipe.margin,
        )
    whole.eval()
    return whole.net, float(loss)


def _order(n: int, recipe: Recipe, rng: np.random.Generator) -> NDArray[np.integer]:
    """Rows of each batch: every picture once before any comes again."""
    needed = recipe.steps * recipe.batch
    rows = np.concatenate([rng.permutation(n) for _ in range(-(-needed // n))])
    return rows[:needed].reshape(recipe.steps, recipe.batch)
