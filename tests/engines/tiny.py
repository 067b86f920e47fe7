"""Models of no use but for tests: shaped as those of Piper and sherpa-onnx, each symbol said as a tone of its own."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto, helper, numpy_helper

import langdu.lexicon
from langdu import pinyin
from langdu.engines.piper.symbols import NEAREST, of
from langdu.model import Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from onnx import ModelProto, NodeProto, ValueInfoProto
    from onnx import TensorProto as Tensor

    from langdu.model import Clip

A_SYMBOL = 0.06  # seconds
SILENT = 3  # symbols under this number are silence


def waves(symbols: str, noise: str, length: str, sample_rate: int) -> tuple[list[NodeProto], list[Tensor]]:
    """A graph from `symbols` [1, N] and the scales of noise and length to `output` [1, 1, T].

    A symbol i is a tone of 100 + 10 i Hz and 0.2; the noise is random, as VITS' is.
    """
    constants = {
        "low": np.float32(2 * np.pi * 100 / sample_rate),
        "step": np.float32(2 * np.pi * 10 / sample_rate),
        "quiet": np.int64(SILENT),
        "samples": np.float32(A_SYMBOL * sample_rate),
        "zero": np.float32(0),
        "one": np.float32(1),
        "loud": np.float32(0.2),
        "column": np.array([-1, 1]),
        "scalar": np.array([], np.int64),
        "flat": np.array([1, 1, -1]),
    }
    steps = [
        ("Reshape", [symbols, "column"], "ids"),
        ("Reshape", [length, "scalar"], "stretch"),
        ("Mul", ["samples", "stretch"], "size"),
        ("Range", ["zero", "size", "one"], "time"),
        ("Mul", ["number", "step"], "above"),
        ("Add", ["above", "low"], "speed"),
        ("Mul", ["speed", "time"], "phase"),
        ("Sin", ["phase"], "tone"),
        ("Less", ["ids", "quiet"], "pausing"),
        ("Where", ["pausing", "zero", "loud"], "level"),
        ("Mul", ["tone", "level"], "voiced"),
        ("RandomNormalLike", ["voiced"], "random"),
        ("Mul", ["random", noise], "noisy"),
        ("Add", ["voiced", "noisy"], "rows"),
        ("Reshape", ["rows", "flat"], "output"),
    ]
    nodes = [helper.make_node(kind, inputs, [output]) for kind, inputs, output in steps]
    nodes.insert(1, helper.make_node("Cast", ["ids"], ["number"], to=TensorProto.FLOAT))
    return nodes, [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]


def model(
    nodes: Sequence[NodeProto],
    constants: Sequence[Tensor],
    inputs: Iterable[ValueInfoProto],
    metadata: dict[str, str] | None = None,
) -> ModelProto:
    """A model of that graph."""
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, None])
    graph = helper.make_graph(nodes, "tiny", list(inputs), [output], constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(made, metadata or {})
    return made


def integers(name: str, *shape: int | None) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.INT64, shape)


def floats(name: str, *shape: int | None) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


# --- Piper ----------------------------------------------------------------------------------------------------------


def phonemes() -> list[str]:
    """All that the pinyin voices of Piper have."""
    syllables = [Syllable(base, Tone.HIGH) for base in sorted(pinyin.bases() - NEAREST.keys())]
    spelled = {phoneme for each in syllables for phoneme in of(each)[0][:2]}
    return ["_", "^", "$", *sorted(spelled), *"12345。？！，、：；—…"]


def piper(folder: Path, sample_rate: int = 22_050, *, speakers: bool = False, **changes: object) -> Path:
    """A voice of Piper; `changes` are made to its description, None takes an entry away."""
    path = folder / "zh_CN-tiny-low.onnx"
    nodes, constants = waves("input", "noise", "length", sample_rate)
    constants += [numpy_helper.from_array(np.array([i]), f"at{i}") for i in (0, 1)]
    nodes[:0] = [helper.make_node("Gather", ["scales", f"at{i}"], [name]) for i, name in enumerate(("noise", "length"))]
    inputs = [integers("input", 1, None), integers("input_lengths", 1), floats("scales", 3)]
    made = model(nodes, constants, [*inputs, *([integers("sid", 1)] if speakers else [])])
    path.write_bytes(made.SerializeToString())
    described: dict[str, object] = {
        "audio": {"sample_rate": sample_rate, "quality": "low"},
        "espeak": {"voice": "zh"},
        "language": {"code": "zh_CN"},
        "phoneme_type": "pinyin",
        "num_speakers": 2 if speakers else 1,
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": {phoneme: [i] for i, phoneme in enumerate(phonemes())},
        **changes,
    }
    described = {key: value for key, value in described.items() if value is not None}
    path.with_name(f"{path.name}.json").write_text(json.dumps(described), encoding="utf-8")
    return path


# --- sherpa-onnx ----------------------------------------------------------------------------------------------------


def sherpa(
    folder: Path,
    sample_rate: int = 16_000,
    lexicon: Sequence[str] | None = None,
    metadata: Mapping[str, str | None] | None = None,
) -> Path:
    """A voice of sherpa-onnx whose tokens are initials and finals with tones; None takes some of its metadata away."""
    metadata = metadata or {}
    melo = metadata.get("comment") == "melo"
    nodes, constants = waves("x", "noise_scale", "length_scale", sample_rate)
    scales = [floats(name, 1) for name in ("noise_scale", "length_scale", "noise_scale_w")]
    tones = [integers("tones", None, None), integers("sid", 1)] if melo else []
    inputs = [integers("x", None, None), integers("x_length", None), *tones, *scales]
    said: dict[str, str | None] = {
        "sample_rate": str(sample_rate),
        "n_speakers": "1",
        "language": "Chinese",
        "comment": "tiny",
        "punctuation": "， 。",
        **metadata,
    }
    made = model(nodes, constants, inputs, {key: value for key, value in said.items() if value is not None})
    (folder / "model.onnx").write_bytes(made.SerializeToString())
    lines = _lexicon(melo=melo) if lexicon is None else lexicon
    finals = {token for line in lines for token in line.split()[1:] if not token.isdecimal()}
    every = {f"{token.rstrip('12345')}{tone}" for token in finals if token[-1].isdecimal() for tone in "12345"}
    tokens = ["sil", "eos", "#0", *sorted(finals | every - {"#0"} - {f"#{i}" for i in range(6)}), "，", "。"]
    numbered = (f"{token} {i}\n" for i, token in enumerate(dict.fromkeys(tokens)))
    (folder / "tokens.txt").write_text("".join(numbered), encoding="utf-8")
    (folder / "lexicon.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


@cache
def _lexicon(*, melo: bool) -> tuple[str, ...]:
    return tuple(_spelled(melo=melo))


def _spelled(*, melo: bool) -> Iterator[str]:
    """A lexicon of all characters, each said in its most usual reading."""
    for char in map(chr, range(0x4E00, 0x9FA6)):
        readings = langdu.lexicon.readings(char)
        if readings:
            [(initial, final, tone), *_] = of(readings[0])
            yield f"{char} {initial} {final} {tone} {tone}" if melo else f"{char} {initial} {final}{tone} #0"


# --- what was said --------------------------------------------------------------------------------------------------


def heard(clip: Clip) -> list[int]:
    """The numbers of the symbols that a tiny voice said at rate 1, without the silent ones."""
    sound = np.frombuffer(clip.pcm, "<i2").astype(float)
    size = round(A_SYMBOL * clip.sample_rate)
    slots = [sound[at : at + size] for at in range(0, len(sound), size)]
    loud = [slot for slot in slots if abs(slot).max() > 1_000]
    return [round((np.abs(np.fft.rfft(slot, clip.sample_rate)).argmax() - 100) / 10) for slot in loud]
