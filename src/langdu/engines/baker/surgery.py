"""Converts the voice's acoustic model for LiteRT and exact timing, and its vocoder for onnxruntime.

The wheel's FastSpeech2 is one graph, and LiteRT cannot run it: two dropouts were left on, and they draw random numbers
with an operator that LiteRT lacks. `prepare` writes two graphs in its place:

    predict   symbols → hidden states, and for each symbol its length in frames, its F0 and its energy
    render    hidden states and, for each symbol, whole frames, F0 and energy → mel spectrogram

The cut is where FastSpeech2 repeats each symbol's state: code between the two graphs decides how long each symbol
lasts and how high it is. With the predicted values unchanged, the two are bit-identical to the one graph without its
dropouts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

from langdu.engines.baker.files import ACOUSTIC_SOURCE, PREDICT, RENDER, VOCODER, VOCODER_SOURCE
from langdu.engines.baker.vocoder import to_onnx

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

# Tensors by the names that TensorFlow gave them; the wheel is pinned by its sha256, so they cannot change.
IDS, SPEAKER = "input_ids", "speaker_ids"
HIDDEN, EMBEDDED = "encoder", "add"  # their sum is add_1, the states that are repeated
LENGTHS, F0, ENERGY = "Relu;sub", "f0_predictor/Squeeze", "energy_predictor/Squeeze"
FRAMES, F0_GIVEN, ENERGY_GIVEN = "Identity_2", "Identity_3", "Identity_4"
MEL = "Identity_1"


class TfliteGraph:
    """One unpacked model, with the few queries that surgery needs."""

    def __init__(self, model: bytes) -> None:
        self.model: Any = schema.ModelT.InitFromPackedBuf(model, 0)
        self.graph: Any = self.model.subgraphs[0]
        self.tensor = {tensor.name.decode(): i for i, tensor in enumerate(self.graph.tensors)}

    def is_random(self, operator: Any) -> bool:  # noqa: ANN401 - flatbuffers generates untyped classes
        """Whether LiteRT lacks this operator."""
        return bool(self.model.operatorCodes[operator.opcodeIndex].customCode == b"FlexRandomUniform")

    def maker(self, tensor: int) -> Any:  # noqa: ANN401 - flatbuffers generates untyped classes
        """The operator that computes a tensor."""
        return next(op for op in self.graph.operators if tensor in op.outputs)

    def users(self, tensor: int) -> list[Any]:
        """The operators that read a tensor."""
        return [op for op in self.graph.operators if tensor in op.inputs]

    def pack(self) -> bytes:
        """The model as the bytes of a .tflite file."""
        builder = flatbuffers.Builder(1 << 20)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def without_dropout(graph: TfliteGraph) -> None:
    """Remove the dropouts that were left on: Mul(Mul(x, 2), Cast(GreaterEqual(RandomUniform(Shape(x)), 0.5))) is x.

    The x is the embedding with its bias; without the bias, the voice is silent for half of a long sentence.
    """
    for random in [op for op in graph.graph.operators if graph.is_random(op)]:
        value = graph.maker(random.inputs[0]).inputs[0]
        (greater,) = graph.users(random.outputs[0])
        (mask,) = graph.users(greater.outputs[0])
        (dropped,) = graph.users(mask.outputs[0])
        for user in graph.users(dropped.outputs[0]):
            user.inputs = [value if i == dropped.outputs[0] else i for i in user.inputs]


def extract(graph: TfliteGraph, inputs: Sequence[int], outputs: Sequence[int]) -> None:
    """Keep only what computes `outputs` from `inputs`, and only the weights that it reads."""
    kept: list[Any] = []
    todo, seen = list(outputs), set(inputs)
    makers = {tensor: op for op in graph.graph.operators for tensor in op.outputs}
    while todo:
        tensor = todo.pop()
        if tensor not in seen and tensor in makers:
            kept.append(makers[tensor])
            todo += list(makers[tensor].inputs)  # an array: += would add it elementwise
        seen.add(tensor)
    order = {id(op) for op in kept}
    graph.graph.operators = [op for op in graph.graph.operators if id(op) in order]
    graph.graph.inputs, graph.graph.outputs = list(inputs), list(outputs)
    _drop_weights(graph, used={*inputs, *outputs, *(t for op in kept for t in (*op.inputs, *op.outputs))})


def _drop_weights(graph: TfliteGraph, used: Iterable[int]) -> None:
    used = set(used)
    buffers = {graph.graph.tensors[tensor].buffer for tensor in used if tensor >= 0}
    for i, tensor in enumerate(graph.graph.tensors):
        if i not in used:
            tensor.buffer = 0
    for i, buffer in enumerate(graph.model.buffers):
        if i not in buffers:
            buffer.data = None


def part(model: bytes, inputs: Sequence[str], outputs: Sequence[str]) -> bytes:
    """The part of a model between the tensors of these names, without dropouts."""
    graph = TfliteGraph(model)
    without_dropout(graph)
    extract(graph, [_find(graph, name) for name in inputs], [_find(graph, name) for name in outputs])
    return graph.pack()


def _find(graph: TfliteGraph, name: str) -> int:
    if name == HIDDEN:  # the encoder's output has a long name of TensorFlow's own; it is what EMBEDDED is added to
        added = graph.maker(graph.tensor["add_1"]).inputs
        return next(int(i) for i in added if i != graph.tensor[EMBEDDED])
    return graph.tensor[name]


def prepare(folder: Path) -> None:
    """Replace the wheel's acoustic model in `folder` by its two parts, its vocoder by one in ONNX (0.5 s, 25 MB)."""
    model = (folder / ACOUSTIC_SOURCE).read_bytes()
    (folder / PREDICT).write_bytes(part(model, [IDS, SPEAKER], [HIDDEN, LENGTHS, F0, ENERGY]))
    (folder / RENDER).write_bytes(part(model, [HIDDEN, FRAMES, F0_GIVEN, ENERGY_GIVEN], [MEL]))
    (folder / VOCODER).write_bytes(to_onnx((folder / VOCODER_SOURCE).read_bytes()))
    (folder / ACOUSTIC_SOURCE).unlink()
    (folder / VOCODER_SOURCE).unlink()
