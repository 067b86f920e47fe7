"""Names of the voice's files, as downloaded and after preparation, and of the tensors where the model is cut."""

from __future__ import annotations

MODEL = "kokoro-v1.0.int8.onnx"
PREDICT, MELODY, RENDER = "predict.onnx", "melody.onnx", "render.onnx"
PRODUCT = "product.onnx"  # tells how the processor multiplies
# Tensors by the names of the export; the model is pinned by its sha256, so they cannot change.
TOKENS, STYLE, SPEED = "tokens", "style", "speed"
LENGTHS, FRAMES = "/encoder/Div_output_0", "/encoder/Gather_output_0"
STATES, TEXT = "/encoder/predictor/text_encoder/Concat_4_output_0", "/encoder/text_encoder/Transpose_2_output_0"
F0, ENERGY, SPREAD = "/encoder/Squeeze_output_0", "/encoder/Squeeze_1_output_0", "/encoder/MatMul_1_output_0"
AUDIO = "audio"
