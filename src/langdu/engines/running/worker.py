"""The child process of `pool`: speaks the utterances that it reads from standard input."""

from __future__ import annotations

import os
import pickle
import sys
from functools import cache
from typing import TYPE_CHECKING

from langdu.engines import create, say
from langdu.errors import LangduError, SynthesisFailed

if TYPE_CHECKING:
    from langdu.model import Clip


def main() -> None:
    """Answer each pickled (utterance, voice, rate) with a pickled clip, or with the exception it raised.

    Ends when the input ends. Voices of one engine with the same files share it.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not mix with the answers
    engine_of = cache(create)
    while True:
        try:
            utterance, voice, rate = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent process
        except EOFError:
            return
        answer: Clip | LangduError
        try:
            answer = say(engine_of(voice.engine, voice.files), utterance, voice, rate)
        except LangduError as error:
            answer = error
        except Exception as error:  # noqa: BLE001 - the parent reports it
            answer = SynthesisFailed(f"the engine {voice.engine} failed on {utterance.text!r}: {error!r}")
        pickle.dump(answer, answers)
        answers.flush()
