"""Names of the voice's files, in the wheel and after preparation."""

from __future__ import annotations

# In the wheel; the last one is used unchanged.
ACOUSTIC_SOURCE = "fastspeech2_quan.tflite"
VOCODER_SOURCE = "mb_melgan.tflite"
SYMBOLS = "baker_mapper.json"
# After preparation.
PREDICT = "predict.tflite"
RENDER = "render.tflite"
VOCODER = "vocoder.onnx"
