"""Runs ONNX graphs; the only file that imports onnxruntime."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

# Newer versions (1.32, not yet 1.27) report to their maker over the network and keep an id of this computer, unless
# this is set before they are loaded. Source: Privacy.md in the package. Whatever else loads it must be imported later.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime


def session(graph: bytes | Path) -> onnxruntime.InferenceSession:
    """Load a graph to run on one thread: a second thread takes twice the processor time and gains little.

    A graph in a file takes less memory than one in bytes, which are kept beside it.

    Raises: ValueError: it is damaged, or too new for this onnxruntime.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # it plans memory for shapes that come again, and ours do not
    options.log_severity_level = 3  # errors only: its warnings are for its developers
    try:
        return onnxruntime.InferenceSession(
            str(graph) if isinstance(graph, Path) else graph, options, ["CPUExecutionProvider"]
        )
    except Exception as error:  # its errors have no common type
        raise ValueError(str(error)) from error


def outputs(model: onnxruntime.InferenceSession, inputs: Mapping[str, NDArray[np.generic]]) -> list[NDArray[Any]]:
    """All outputs of a graph for these inputs, in its order.

    Raises: ValueError: it cannot be run with them.
    """
    try:
        made: list[NDArray[Any]] = model.run(None, dict(inputs))
    except Exception as error:  # its errors have no common type
        raise ValueError(str(error)) from error
    return made


def first(model: onnxruntime.InferenceSession, inputs: Mapping[str, NDArray[np.generic]]) -> NDArray[np.float32]:
    """The first output of a graph for these inputs.

    Raises: ValueError: it cannot be run with them.
    """
    output: NDArray[np.float32] = outputs(model, inputs)[0]
    return output
