"""Rewrites the voice's vocoder for onnxruntime, which runs it faster than LiteRT does.

The wheel's multi-band MelGAN is a chain of one-dimensional convolutions that TensorFlow wrote as two-dimensional ones
with the channels last: most of its operators only move axes about or compute shapes. Here every tensor is
[1, channels, time], a convolution between SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND is a dilated one, and what remains is
the same arithmetic in another order: the four bands differ by up to 2e-5 of full scale. The model then rounds them to
8 bits, so nearly all samples are equal to 1e-5, and a few (0.04 %) are off by one of these steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from ai_edge_litert import schema_py_generated as schema
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MELS = 80
# Old enough for every onnxruntime that runs on the Pythons that we support.
_OPSET, _IR = 13, 8
_KINDS = {number: name for name, number in vars(schema.BuiltinOperator).items() if not name.startswith("_")}
_NUMBERS = {schema.TensorType.FLOAT32: np.float32, schema.TensorType.INT32: np.int32}
# These only move axes that a tensor [1, channels, time] does not have.
_MOVES = {"EXPAND_DIMS", "SQUEEZE", "SPACE_TO_BATCH_ND", "BATCH_TO_SPACE_ND"}


def to_onnx(model: bytes) -> bytes:
    """The vocoder as ONNX: `mel` float32 [1, 80, frames] → `samples` float32 [1, 1, 300 × frames].

    Raises: ValueError: it has an operator that the wheel's vocoder does not have.
    """
    translation = _Translation(schema.ModelT.InitFromPackedBuf(model, 0))
    graph = helper.make_graph(
        list(translation.nodes()),
        "vocoder",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, [1, MELS, "frames"])],
        [helper.make_tensor_value_info("samples", TensorProto.FLOAT, [1, "channels", "time"])],
        translation.weights,
    )
    onnx_model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    onnx.checker.check_model(onnx_model)
    return bytes(onnx_model.SerializeToString())


class _Translation:
    """Translates one model: operators in order, collecting the weights they need."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - flatbuffers generates untyped classes
        self._model = model
        self._graph = model.subgraphs[0]
        self._names = {self._graph.inputs[0]: "mel"}  # each tensor's name in ONNX
        self._dilation = 1  # changes between SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND
        self.weights: list[TensorProto] = []

    def nodes(self) -> Iterator[onnx.NodeProto]:
        """Each operator that computes sound; shapes are found by the ONNX operators themselves."""
        for op in self._graph.operators:
            code = self._model.operatorCodes[op.opcodeIndex]
            kind = _KINDS[max(code.builtinCode, code.deprecatedBuiltinCode)]
            if kind in _MOVES:
                self._move(kind, op)
            elif self._graph.tensors[op.outputs[0]].type != schema.TensorType.INT32:
                yield self._translated(kind, op)
        yield helper.make_node("Identity", [self._names[self._graph.outputs[0]]], ["samples"])

    def _move(self, kind: str, op: Any) -> None:  # noqa: ANN401 - as above
        self._names[op.outputs[0]] = self._names[op.inputs[0]]
        if kind == "SPACE_TO_BATCH_ND":
            (self._dilation,) = self._constant(op.inputs[1]).tolist()
        elif kind == "BATCH_TO_SPACE_ND":
            self._dilation = 1

    def _translated(self, kind: str, op: Any) -> onnx.NodeProto:  # noqa: ANN401 - as above
        match kind:
            case "CONV_2D":
                node = self._convolution(op)
            case "TRANSPOSE_CONV":
                node = self._transposed(op)
            case "ADD":
                node = self._node("Add", op, self._added(op.inputs[1]))
            case "LEAKY_RELU":
                node = self._node("LeakyRelu", op, alpha=op.builtinOptions.alpha)
            case "TANH":
                node = self._node("Tanh", op)
            case "MIRROR_PAD" | "PAD":
                mode = "reflect" if kind == "MIRROR_PAD" else "constant"
                node = self._node("Pad", op, self._widths(op.inputs[1]), mode=mode)
            case "QUANTIZE":
                node = self._node("QuantizeLinear", op, *self._steps(op.outputs[0]))
            case "DEQUANTIZE":
                node = self._node("DequantizeLinear", op, *self._steps(op.inputs[0]))
            case _:
                raise ValueError(f"the vocoder has an operator {kind}, which langdu cannot translate")
        return node

    def _node(self, kind: str, op: Any, *operands: str, at: int = 0, **attributes: Any) -> onnx.NodeProto:  # noqa: ANN401
        """An operator on the tensor that is `op`'s input number `at`, and on others."""
        result = self._names[op.outputs[0]] = f"t{op.outputs[0]}"
        return helper.make_node(kind, [self._names[op.inputs[at]], *operands], [result], **attributes)

    def _convolution(self, op: Any) -> onnx.NodeProto:  # noqa: ANN401 - as above
        """Nothing is padded here; kernels are [out, 1, width, in] and become [out, in, width]."""
        kernel = self._constant(op.inputs[1])[:, 0].transpose(0, 2, 1)
        weights = [self._weight(kernel), self._weight(self._constant(op.inputs[2]))]
        return self._node("Conv", op, *weights, dilations=[self._dilation])

    def _transposed(self, op: Any) -> onnx.NodeProto:  # noqa: ANN401 - as above
        """As much longer as its stride; kernels are [out, width, 1, in] or [out, 1, width, in]."""
        kernel = self._constant(op.inputs[1])
        kernel = kernel.reshape(kernel.shape[0], -1, kernel.shape[3]).transpose(2, 0, 1)
        stride = max(op.builtinOptions.strideH, op.builtinOptions.strideW)
        cut = kernel.shape[2] - stride
        pads = [cut // 2, cut - cut // 2]
        return self._node("ConvTranspose", op, self._weight(kernel), at=2, strides=[stride], pads=pads)

    def _added(self, tensor: int) -> str:
        """Another tensor, or one number for each channel."""
        return self._names.get(tensor) or self._weight(self._constant(tensor)[:, None])

    def _widths(self, tensor: int) -> str:
        """How much Pad puts before and after each axis: [[0, 0], [before, after], [0, 0]] with the channels last."""
        _, (before, after), _ = self._constant(tensor).tolist()
        return self._weight(np.array([0, 0, before, 0, 0, after], np.int64))

    def _steps(self, tensor: int) -> tuple[str, str]:
        """The step and the zero of a tensor of whole numbers."""
        quantization = self._graph.tensors[tensor].quantization
        (scale,), (zero,) = quantization.scale.tolist(), quantization.zeroPoint.tolist()
        return self._weight(np.array(scale, np.float32)), self._weight(np.array(zero, np.int8))

    def _constant(self, index: int) -> NDArray[Any]:
        tensor = self._graph.tensors[index]
        data = self._model.buffers[tensor.buffer].data
        return np.frombuffer(bytes(data), _NUMBERS[tensor.type]).reshape(tensor.shape)

    def _weight(self, values: NDArray[Any]) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
