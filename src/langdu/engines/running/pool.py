"""Speaks many utterances in several processes: two processes of one thread each are faster than one of two threads.

The workers are plain child processes that talk over their standard streams. `multiprocessing` would run the caller's
main module again in each of them, which costs a second for a console script and needs a guard in a user's script.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import cache, lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from langdu.engines import create, say
from langdu.errors import SynthesisFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from langdu.engines import Engine
    from langdu.model import Clip, Utterance, Voice

# How far each worker may run ahead of the consumer, in utterances: enough to keep all busy, with little in memory.
AHEAD = 4
# Up to this many utterances need no workers: starting one takes as long as speaking two utterances.
FEW = 2
# How far to look ahead for more than a few utterances, when most clips are cached.
LOOK = 200
# How many engines a thread keeps loaded: those of a narrator and of quotations. Each may take hundreds of megabytes.
_LOADED = 2
# Whether threads keep their engines, and the engines of each thread (`keep_engines`).
_keeping = threading.Event()
_own = threading.local()


def speak(
    voice_of: Callable[[Utterance], Voice],
    utterances: Iterable[Utterance | None],
    rate: float,
    workers: int = 2,
    on_clip: Callable[[Utterance, Clip], None] = lambda _, __: None,
) -> Iterator[Clip | None]:
    """A clip for each utterance, in order, and None for None.

    `voice_of` gives the voice that speaks an utterance; its `files` are those that its engine needs. `utterances` is
    read only a little ahead of the consumer. `on_clip` is called with each clip when it is done, which may be before
    its turn. With few utterances, or one worker, this process speaks. Closing the iterator ends all workers.

    Raises: EngineError: the engine failed, or one of its processes ended.
    """
    rest = iter(utterances)
    window = list(_window(rest))
    while window and not any(window):  # nothing to say for a while, as in the cached rest of a book
        yield from (None for _ in window)
        window = list(_window(rest))
    if workers > 1 and (len(window) == LOOK or sum(map(bool, window)) > FEW):
        yield from _shared(Crew(voice_of, rate), chain(window, rest), workers, on_clip)
    elif window:
        engine_of = _kept if _keeping.is_set() else cache(create)
        for utterance in chain(window, rest):
            clip = None
            if utterance:
                voice = voice_of(utterance)
                clip = say(engine_of(voice.engine, voice.files), utterance, voice, rate)
                on_clip(utterance, clip)
            yield clip


def keep_engines() -> None:
    """From now on each thread of this process loads a voice once, however many articles it narrates.

    For a process that only narrates: what an engine reads when it is created, such as an address in the environment, is
    not read again.
    """
    _keeping.set()


def own_engine(voice: Voice) -> Engine:
    """The engine of a voice, for this thread alone, which keeps it."""
    return _kept(voice.engine, voice.files)


def _kept(name: str, files: Path | None) -> Engine:
    if not hasattr(_own, "engine_of"):
        _own.engine_of = lru_cache(_LOADED)(create)
    engine: Engine = _own.engine_of(name, files)
    return engine


def _window(rest: Iterator[Utterance | None]) -> Iterator[Utterance | None]:
    """Enough utterances to tell whether there are only a few."""
    count = 0
    for utterance in islice(rest, LOOK):
        yield utterance
        count += utterance is not None
        if count > FEW:
            return


def _shared(
    crew: Crew, utterances: Iterable[Utterance | None], workers: int, on_clip: Callable[[Utterance, Clip], None]
) -> Iterator[Clip | None]:
    threads = ThreadPoolExecutor(workers)
    waiting: deque[Future[Clip] | None] = deque()
    saying: dict[Future[Clip], Utterance] = {}
    try:
        for utterance in utterances:
            waiting.append(threads.submit(crew.say, utterance) if utterance else None)
            if utterance and waiting[-1]:
                saying[waiting[-1]] = utterance
            if len(waiting) > AHEAD * workers:
                yield _result(waiting.popleft(), saying, on_clip)
        while waiting:
            yield _result(waiting.popleft(), saying, on_clip)
    finally:
        crew.end()
        threads.shutdown(cancel_futures=True)
        crew.close()


def _result(
    spoken: Future[Clip] | None, saying: dict[Future[Clip], Utterance], on_clip: Callable[[Utterance, Clip], None]
) -> Clip | None:
    """The clip whose turn it is. Clips done earlier are reported at once: the run may be killed any moment."""
    while spoken in saying:
        done, _ = wait(saying, return_when=FIRST_COMPLETED)
        for future in done:
            on_clip(saying.pop(future), future.result())
    return spoken.result() if spoken else None


class Crew:
    """A worker process for each thread."""

    def __init__(self, voice_of: Callable[[Utterance], Voice], rate: float) -> None:
        self._voice_of = voice_of
        self._rate = rate
        self._workers: list[subprocess.Popen[bytes]] = []
        self._own = threading.local()
        self._lock = threading.Lock()
        self._ended = False

    def say(self, utterance: Utterance) -> Clip:
        """Have this thread's worker speak an utterance."""
        if not hasattr(self._own, "worker"):
            self._own.worker = self._start()
        _send(self._own.worker, (utterance, self._voice_of(utterance), self._rate))
        answer: Clip | BaseException = _receive(self._own.worker)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        # A process group of its own: Ctrl-C in a terminal then reaches only this process, which ends its workers.
        apart: dict[str, Any]
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        else:
            apart = {"process_group": 0}
        code = f"import sys; sys.path[:] = {sys.path!r}; from langdu.engines.running.worker import main; main()"
        environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        with self._lock:
            if self._ended:
                raise SynthesisFailed("the reading was interrupted")
            worker = subprocess.Popen(  # noqa: S603 - our own interpreter with our own code
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                **apart,
            )
            self._workers.append(worker)
        return worker

    def end(self) -> None:
        """Kill every worker at once; their current clips are no longer wanted."""
        with self._lock:
            self._ended = True
            for worker in self._workers:
                worker.kill()
            for worker in self._workers:
                worker.wait()

    def close(self) -> None:
        """Close the pipes of the ended workers, once no thread reads from them."""
        for worker in self._workers:
            for pipe in (worker.stdin, worker.stdout):
                with suppress(BrokenPipeError):  # unsent data is no longer wanted
                    if pipe:
                        pipe.close()


def _send(worker: subprocess.Popen[bytes], message: object) -> None:
    assert worker.stdin is not None  # noqa: S101 - it was opened as a pipe
    with suppress(BrokenPipeError):  # it has ended: then there is no answer either, and `_receive` says so
        pickle.dump(message, worker.stdin)
        worker.stdin.flush()


def _receive(worker: subprocess.Popen[bytes]) -> Any:  # noqa: ANN401 - what the worker says
    assert worker.stdout is not None  # noqa: S101 - it was opened as a pipe
    try:
        return pickle.load(worker.stdout)  # noqa: S301 - from our own child process
    except (EOFError, pickle.UnpicklingError) as error:
        raise SynthesisFailed(
            f"a process that was speaking ended (exit status {worker.wait()}); "
            "if memory is short, try again with one worker"
        ) from error
