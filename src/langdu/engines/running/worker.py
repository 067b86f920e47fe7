"""The child process of `pool`: speaks the utterances that it reads from standard input."""

from __future__ import annotations

import os
import pickle
import sys
from typing import TYPE_CHECKING

from langdu.engines import create, say
from langdu.errors import LangduError, SynthesisFailed

if TYPE_CHECKING:
    from langdu.model import Clip


def main() -> None:
    """Answer each pickled utterance with a pickled clip, or with the exception it raised, until the input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not mix with the answers
    engine_name, folder, voice, rate = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent process
    engine = None
    while True:
        try:
            utterance = pickle.load(sys.stdin.buffer)  # noqa: S301 - the same
        except EOFError:
            return
        answer: Clip | LangduError
        try:
            engine = engine or create(engine_name, folder)
            answer = say(engine, utterance, voice, rate)
        except LangduError as error:
            answer = error
        except Exception as error:  # noqa: BLE001 - the parent reports it
            answer = SynthesisFailed(f"the engine {engine_name} failed on {utterance.text!r}: {error!r}")
        pickle.dump(answer, answers)
        answers.flush()
