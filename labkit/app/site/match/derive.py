"""The two networks of others in a form that onnxruntime takes: the same weights, other lists.

In: a file of ``data/models``.  Out: the bytes of a file of which onnxruntime-web makes the same
numbers as OpenCV makes of the original.  Nothing is trained, rounded or converted:

- SFace's file lists its weights among the graph's inputs, as old files do, and others that nothing
  reads any more.  onnxruntime would ask for them.  All but ``data`` are taken off that list.
- YuNet's file says that a picture has one size.  OpenCV does not ask; onnxruntime does.  What the
  file says of sizes is taken out, for the network itself works at any.  It speaks of blocks also
  where a tensor has one scale for all its weights, which onnxruntime refuses: that goes as well.

An ONNX file is a protobuf message: fields, each with a number, a kind and a value.  Few fields have
to be left out, so no library is needed, and every byte that stays is the byte that was there.
``python -m labkit.app.site.match`` prints the checksums that ``data/models/DATASHEET.md``
has; a test makes both files again.

References
----------
``onnx/onnx.proto`` of the ONNX project: of ModelProto, graph is field 7; of GraphProto, node is 1,
initializer 5, input 11, output 12 and value_info 13; of NodeProto, input is 1, op_type 4 and
attribute 5; of AttributeProto, name is 1; of TensorProto, dims is 1 and name 8; of ValueInfoProto,
name is 1 and type 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from labkit.matchers import sface, yunet

GRAPH = 7
NODE, INITIALIZER, INPUT, OUTPUT, VALUE_INFO = 1, 5, 11, 12, 13
NODE_INPUT, NODE_KIND, NODE_ATTRIBUTE, ATTRIBUTE_NAME = 1, 4, 5, 1
TENSOR_SIZE, TENSOR_NAME, VALUE_NAME, VALUE_TYPE = 1, 8, 1, 2
TENSOR_TYPE, SHAPE, DIM, DIM_PARAM = 1, 2, 1, 2

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
"""The kinds of a field in use; how many bytes its value has follows from the kind."""


@dataclass(frozen=True)
class Field:
    """One field of a protobuf message.

    Parameters
    ----------
    number
        Which one it is.
    whole
        Its bytes, as they stand in the message.
    value
        What it holds; of a field of another kind than bytes the empty value.
    """

    number: int
    whole: bytes
    value: bytes = b""


def fields(message: bytes) -> Iterator[Field]:
    r"""The fields of a message, in the order in which they stand.

    Raises
    ------
    ValueError
        When these bytes are no such message, or were cut short.

    Examples
    --------
    >>> [(f.number, f.value) for f in fields(field(1, b"ab") + b"\x10\x05")]
    [(1, b'ab'), (2, b'')]
    """
    at = 0
    while at < len(message):
        start = at
        tag, at = _whole_number(message, at)
        value = b""
        match tag & 7:
            case 0:
                _, at = _whole_number(message, at)
            case 1:
                at += 8
            case 5:
                at += 4
            case 2:
                size, at = _whole_number(message, at)
                value = message[at : at + size]
                at += size
            case kind:
                raise ValueError(
                    f"a field of the kind {kind} at byte {start}: this is no ONNX file"
                )
        if at > len(message):
            raise ValueError(
                f"the field at byte {start} goes on after the end: the file is cut short"
            )
        yield Field(tag >> 3, message[start:at], value)


def field(number: int, value: bytes) -> bytes:
    r"""A field that holds bytes.

    Examples
    --------
    >>> field(1, b"data")
    b'\n\x04data'
    """
    return _written(number << 3 | LENGTH) + _written(len(value)) + value


def without_weights_as_inputs(model: bytes) -> bytes:
    """A model whose graph lists as inputs what is put in: no weights, and nothing that is not read.

    Raises
    ------
    ValueError
        When these bytes are no ONNX file.
    """

    def change(graph: bytes) -> bytes:
        found = list(fields(graph))
        weights = {_first(f.value, TENSOR_NAME) for f in found if f.number == INITIALIZER}
        nodes = [f.value for f in found if f.number == NODE]
        read = {f.value for node in nodes for f in fields(node) if f.number == NODE_INPUT}
        put_in = read - weights
        return b"".join(
            f.whole for f in found if f.number != INPUT or _first(f.value, VALUE_NAME) in put_in
        )

    return _with_graph(model, change)


def of_any_size(model: bytes) -> bytes:
    """A model that says nothing of the sizes of what is put in, comes out, or lies between.

    Raises
    ------
    ValueError
        When these bytes are no ONNX file.
    """

    def change(graph: bytes) -> bytes:
        kept = []
        for f in fields(graph):
            if f.number in (INPUT, OUTPUT):
                kept.append(field(f.number, _of_any_size(f.value)))
            elif f.number != VALUE_INFO:
                kept.append(f.whole)
        return b"".join(kept)

    return _with_graph(model, change)


def with_one_scale_for_all(model: bytes) -> bytes:
    """A model that speaks of no blocks where the weights of a tensor have one scale together.

    The numbers are the same: the one block is the whole tensor.

    Raises
    ------
    ValueError
        When these bytes are no ONNX file.
    """

    def change(graph: bytes) -> bytes:
        found = list(fields(graph))
        single = {
            _first(f.value, TENSOR_NAME)
            for f in found
            if f.number == INITIALIZER and _sizes(f.value) == [1]
        }
        return b"".join(
            field(NODE, _without_block(f.value, single)) if f.number == NODE else f.whole
            for f in found
        )

    return _with_graph(model, change)


DERIVED: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {
        sface.FILE: without_weights_as_inputs,
        yunet.FILE: lambda model: with_one_scale_for_all(of_any_size(model)),
    }
)
"""A file of ``data/models``, and what makes the other form of it."""


def derived(name: str) -> bytes:
    """The other form of a file of ``data/models``.

    Raises
    ------
    MatcherError
        With one sentence, when the file is missing, cut short or changed.
    """
    return DERIVED[name](yunet.model(name).tobytes())


# ---- messages -----------------------------------------------------------------------------------


def _with_graph(model: bytes, change: Callable[[bytes], bytes]) -> bytes:
    found = list(fields(model))
    if GRAPH not in {f.number for f in found}:
        raise ValueError("there is no graph in these bytes: this is no ONNX file")
    parts = [field(GRAPH, change(f.value)) if f.number == GRAPH else f.whole for f in found]
    return b"".join(parts)


def _of_any_size(info: bytes) -> bytes:
    """A ValueInfoProto whose sizes but the first and the channels have names instead of numbers."""
    return _changed(info, [VALUE_TYPE, TENSOR_TYPE, SHAPE], _named)


def _changed(message: bytes, path: list[int], change: Callable[[bytes], bytes]) -> bytes:
    """A message in which the field that the path leads to was changed."""
    if not path:
        return change(message)
    parts = [
        field(f.number, _changed(f.value, path[1:], change)) if f.number == path[0] else f.whole
        for f in fields(message)
    ]
    return b"".join(parts)


def _named(shape: bytes) -> bytes:
    """A shape with a name for every side of a picture."""
    sizes = [f for f in fields(shape) if f.number == DIM]
    kept = 2 if len(sizes) == 4 else 1  # (n, channels, height, width), or (n, places, numbers)
    return b"".join(
        field(DIM, field(DIM_PARAM, f"side{k}".encode())) if kept <= k < kept + 2 else f.whole
        for k, f in enumerate(sizes)
    )


def _without_block(node: bytes, single: set[bytes]) -> bytes:
    """A node, without the size of a block if it unpacks weights by one of these scales."""
    reads = [f.value for f in fields(node) if f.number == NODE_INPUT]
    if _first(node, NODE_KIND) != b"DequantizeLinear" or reads[1] not in single:
        return node
    return b"".join(
        f.whole
        for f in fields(node)
        if f.number != NODE_ATTRIBUTE or _first(f.value, ATTRIBUTE_NAME) != b"block_size"
    )


def _sizes(tensor: bytes) -> list[int]:
    """The sizes of a tensor."""
    sizes = []
    for f in fields(tensor):
        if f.number == TENSOR_SIZE:
            _tag, at = _whole_number(f.whole, 0)
            sizes.append(_whole_number(f.whole, at)[0])
    return sizes


def _first(message: bytes, number: int) -> bytes:
    return next((f.value for f in fields(message) if f.number == number), b"")


def _whole_number(message: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, and where it ends."""
    value = shift = 0
    while True:
        if at >= len(message):
            raise ValueError(f"the number at byte {at} has no end: the file is cut short")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _written(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
