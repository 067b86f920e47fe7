"""What the files of the voice are called, in the wheel and once they are prepared."""

from __future__ import annotations

# In the wheel; the last is used as it is.
ACOUSTIC_SOURCE = "fastspeech2_quan.tflite"
VOCODER_SOURCE = "mb_melgan.tflite"
SYMBOLS = "baker_mapper.json"
# Prepared.
PREDICT = "predict.tflite"
RENDER = "render.tflite"
VOCODER = "vocoder.onnx"
