"""Cuts the model into three graphs, so that langdu can change lengths and pitch between them.

*predict* is from phonemes to their lengths, *melody* from lengths to pitch and energy, *render* from these to sound.
One after the other, unchanged, they give the same samples as the whole model.

The convolutions of *render* are rewritten as matrix products: onnxruntime packs the weights of these when it loads
them, and multiplies with the processor's instructions for 8-bit integers. The integers are the same, so the samples
are too; the time is three fifths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from langdu.engines.kokoro.files import (
    AUDIO,
    ENERGY,
    F0,
    FRAMES,
    LENGTHS,
    MELODY,
    MODEL,
    PREDICT,
    PRODUCT,
    RENDER,
    SPEED,
    SPREAD,
    STATES,
    STYLE,
    TEXT,
    TOKENS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_INPUTS: Final[dict[str, tuple[int, list[int | str]]]] = {
    TOKENS: (TensorProto.INT64, [1, "symbols"]),
    STYLE: (TensorProto.FLOAT, [1, 256]),
    SPEED: (TensorProto.FLOAT, [1]),
    FRAMES: (TensorProto.INT64, ["symbols"]),
    STATES: (TensorProto.FLOAT, [1, "symbols", 640]),
    TEXT: (TensorProto.FLOAT, [1, 512, "symbols"]),
    F0: (TensorProto.FLOAT, [1, "halves"]),
    ENERGY: (TensorProto.FLOAT, [1, "halves"]),
    SPREAD: (TensorProto.FLOAT, [1, 512, "frames"]),
}


def prepare(folder: Path) -> None:
    """Replace the model in `folder` by its three graphs (3 s, 92 MB)."""
    model = onnx.load(str(folder / MODEL))
    parts = {
        PREDICT: part(model, [TOKENS, STYLE, SPEED], [LENGTHS, STATES, TEXT]),
        MELODY: part(model, [FRAMES, STATES, TEXT, STYLE], [F0, ENERGY, SPREAD]),
        RENDER: with_matrix_products(part(model, [F0, ENERGY, SPREAD, STYLE], [AUDIO])),
    }
    for name, graph in parts.items():
        (folder / name).write_bytes(graph.SerializeToString(deterministic=True))
    (folder / PRODUCT).write_bytes(byte_product())
    (folder / MODEL).unlink()


def part(model: onnx.ModelProto, inputs: Sequence[str], outputs: Sequence[str]) -> onnx.ModelProto:
    """The part of a model that computes `outputs` from `inputs`."""
    makers = {tensor: i for i, node in enumerate(model.graph.node) for tensor in node.output}
    kept: set[int] = set()
    todo, seen = list(outputs), set(inputs)
    while todo:
        tensor = todo.pop()
        if tensor not in seen and tensor in makers:
            kept.add(makers[tensor])
            todo += model.graph.node[makers[tensor]].input
        seen.add(tensor)
    nodes = [model.graph.node[i] for i in sorted(kept)]
    graph = helper.make_graph(
        nodes,
        "part",
        [helper.make_tensor_value_info(name, *_INPUTS[name]) for name in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        _used(model.graph.initializer, nodes),
    )
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)


def _used(weights: Iterable[TensorProto], nodes: Iterable[onnx.NodeProto]) -> list[TensorProto]:
    names = {tensor for node in nodes for tensor in node.input}
    return [weight for weight in weights if weight.name in names]


def with_matrix_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with each `ConvInteger` of stride 1 as a `MatMulInteger` over shifted copies of its input."""
    rewriting = _Rewriting(model)
    nodes = [new for node in model.graph.node for new in rewriting.nodes(node)]
    weights = [*_used(model.graph.initializer, nodes), *rewriting.weights.values()]
    graph = helper.make_graph(nodes, "render", model.graph.input, model.graph.output, weights)
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)


class _Rewriting:
    """Rewrites the nodes of one model; collects the weights that they need."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self._old = {weight.name: weight for weight in model.graph.initializer}
        self.weights: dict[str, TensorProto] = {}

    def nodes(self, node: onnx.NodeProto) -> list[onnx.NodeProto]:
        """The nodes that replace one node; mostly the node itself."""
        options = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        if node.op_type != "ConvInteger" or options["strides"] != [1]:
            return [node]
        values, kernel, zero, kernel_zero = node.input
        rows = numpy_helper.to_array(self._old[kernel])  # [out, in, width]
        # Signed weights take the processor's fastest product; the shift of 128 is in the zero point too.
        weights = self._weight(f"{kernel}_rows", _signed(rows.transpose(2, 1, 0).reshape(-1, len(rows))))
        shifted = self._weight(f"{kernel_zero}_rows", _signed(numpy_helper.to_array(self._old[kernel_zero])))
        name = node.output[0]
        turned = f"{name}_turned"  # [1, time, in]
        made = [helper.make_node("Transpose", [values], [turned], perm=[0, 2, 1])]
        before, after = options["pads"]
        if before or after:
            pads = self._whole("pads", 0, before, 0, 0, after, 0)
            made.append(helper.make_node("Pad", [turned, pads, zero], [f"{name}_padded"]))
            turned = f"{name}_padded"
        width, dilation = rows.shape[2], options["dilations"][0]
        if width > 1:
            made += self._columns(turned, name, width, dilation)
            turned = f"{name}_columns"
        made.append(helper.make_node("MatMulInteger", [turned, weights, zero, shifted], [f"{name}_product"]))
        return [*made, helper.make_node("Transpose", [f"{name}_product"], [name], perm=[0, 2, 1])]

    def _columns(self, turned: str, name: str, width: int, dilation: int) -> list[onnx.NodeProto]:
        """[1, time, in] → [1, time, width × in]: what each place of the kernel sees, side by side."""
        axis, to_end = self._whole("axis", 1), 2**40
        names = [f"{name}_{i}" for i in range(width)]
        slices = [
            helper.make_node(
                "Slice",
                [
                    turned,
                    self._whole("from", i * dilation),
                    self._whole("to", (i + 1 - width) * dilation or to_end),
                    axis,
                ],
                [column],
            )
            for i, column in enumerate(names)
        ]
        return [*slices, helper.make_node("Concat", names, [f"{name}_columns"], axis=2)]

    def _whole(self, kind: str, *numbers: int) -> str:
        return self._weight(f"{kind}_{'_'.join(map(str, numbers))}", np.array(numbers, np.int64))

    def _weight(self, name: str, values: Any) -> str:  # noqa: ANN401 - an array of any type
        self.weights[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name


def _signed(values: Any) -> Any:  # noqa: ANN401 - an array
    """uint8 as int8, 128 lower."""
    return (values.astype(np.int16) - 128).astype(np.int8)


def byte_product() -> bytes:
    """A graph that multiplies a row `a`, uint8 [1, 64], by 64 × 16 signed bytes of 127."""
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["a", "b"], ["product"])],
        "product",
        [helper.make_tensor_value_info("a", TensorProto.UINT8, [1, 64])],
        [helper.make_tensor_value_info("product", TensorProto.INT32, [1, 16])],
        [numpy_helper.from_array(np.full((64, 16), 127, np.int8), "b")],
    )
    return bytes(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8).SerializeToString()
    )


def unsigned(render: bytes) -> bytes:
    """The graph *render* with unsigned weights, for processors that multiply signed ones inexactly; a third slower."""
    model = onnx.load_from_string(render)
    signed = {
        name for node in model.graph.node if node.op_type == "MatMulInteger" for name in (node.input[1], node.input[3])
    }
    for weight in model.graph.initializer:
        if weight.name in signed and weight.data_type == TensorProto.INT8:
            values = numpy_helper.to_array(weight).astype(np.int16) + 128
            weight.CopyFrom(numpy_helper.from_array(values.astype(np.uint8), weight.name))
    return bytes(model.SerializeToString())
