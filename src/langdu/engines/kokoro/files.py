"""Names of the voice's files, as downloaded and after preparation."""

from __future__ import annotations

MODEL = "kokoro-v1.0.int8.onnx"
PREDICT, MELODY, RENDER = "predict.onnx", "melody.onnx", "render.onnx"
