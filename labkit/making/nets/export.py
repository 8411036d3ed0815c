"""A trained network as a file that onnxruntime runs, with weights of eight bits.

In: a :class:`labkit.making.nets.training.Net`.  Out: bytes of an ONNX file, which takes
``(n, 64, 64, 3)`` with values 0..255 and gives ``(n, 128)``.

Each weight is stored as a whole number from -127 to 127 and a scale for each output channel.  What
is measured is what the file gives, not what the network gave before.
"""

from __future__ import annotations

import logging
from typing import Any

import jax2onnx
import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, helper, numpy_helper

from labkit.making.nets.training import Net
from labkit.matchers.network import SIDE

FEWEST = 200  # weights below which they stay as they are


def exported(net: Net) -> bytes:
    """The network as the bytes of an ONNX file."""
    logging.getLogger("onnx_ir").setLevel(logging.ERROR)
    model = jax2onnx.to_onnx(net, inputs=[("n", SIDE, SIDE, 3)])
    del model.graph.value_info[:]  # shapes on the way, which the exporter writes in two orders
    for weights in list(model.graph.initializer):
        values = numpy_helper.to_array(weights)
        if values.dtype == np.float32 and values.size >= FEWEST:
            _narrow(model, weights, values)
    return model.SerializeToString()


def _narrow(model: ModelProto, weights: Any, values: NDArray[np.float32]) -> None:
    """Put one array's weights in as eight bits, and a node that makes them whole again."""
    axis = 0 if values.ndim == 4 else values.ndim - 1  # output channels
    others = tuple(k for k in range(values.ndim) if k != axis)
    scale = (np.abs(values).max(axis=others) / 127).astype(np.float32)
    scale[scale == 0] = 1
    shape = [-1 if k == axis else 1 for k in range(values.ndim)]
    eight = np.rint(values / scale.reshape(shape)).astype(np.int8)
    name, graph = weights.name, model.graph
    graph.initializer.remove(weights)
    graph.initializer.extend(
        [numpy_helper.from_array(eight, f"{name}_8"), numpy_helper.from_array(scale, f"{name}_s")]
    )
    node = helper.make_node("DequantizeLinear", [f"{name}_8", f"{name}_s"], [name], axis=axis)
    graph.node.insert(0, node)
