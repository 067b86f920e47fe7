"""Which code and data make an engine's sound: their hash is part of the name of every cached clip.

A file that changes the sound and is missing here leaves old sound in the cache. tests/engines/test_sources.py looks at
what each engine really loads, and fails if a file stands neither in `SHARED` nor in `NOT_SOUND`.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langdu.engines.registry import BUILT_IN, target

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE: Final = Path(__file__).parents[1]
_LETTERS: Final = ("engines/kit/letters.py", "data/__init__.py", "data/letters.tsv")
_ESPEAK: Final = ("engines/kit/espeakng.py", "engines/kit/english.py", "engines/kit/pauses.py", "engines/kit/pieces.py")
_VITS: Final = ("engines/kit/vits.py", "engines/kit/estimated.py", "sound")
_SYLLABLES: Final = ("pinyin", "data/syllables.txt")
_CLOUD: Final = (*_LETTERS, *_SYLLABLES, "engines/kit/estimated.py", "sound")

# Engine → the files and folders of langdu, beside the engine's own folder, that make its sound or its marks.
SHARED: Final[dict[str, tuple[str, ...]]] = {
    "azure": _CLOUD,
    "baker": (*_LETTERS, *_SYLLABLES, *_ESPEAK, "inference.py", "sound"),
    "espeak": (*_LETTERS, *_SYLLABLES, *_ESPEAK, "sound"),
    "google": _CLOUD,
    "gtts": (
        *_LETTERS,
        "engines/kit/estimated.py",
        "engines/kit/tempo.py",
        "marks.py",
        "engines/running/packs.py",
        "sound",
    ),
    "kokoro": (
        *_LETTERS,
        *_SYLLABLES,
        "data/english/own.tsv",
        "data/english/words.txt.gz",
        "data/kokoro/styles.npz",
        "data/kokoro/tones.json",
        "engines/kit/pauses.py",
        "engines/kit/pieces.py",
        "inference.py",
        "sound",
    ),
    "piper": (*_LETTERS, *_SYLLABLES, *_VITS, "inference.py"),
    "polly": _CLOUD,
    "sherpa": (*_LETTERS, *_SYLLABLES, *_VITS, "lexicon", "marks.py", "data/lexicon.bin"),
    "silence": _LETTERS,
}

# What engines load too, and why it does not make their sound.
NOT_SOUND: Final = {
    "__init__.py": "names for users of the library",
    "check/__init__.py": "a docstring",
    "controls.py": "cleans text for messages",
    "data/voices.toml": "describes voices; the hash of a voice's files is in the clip's name by itself",
    "engines/__init__.py": "names only",
    "engines/kit/__init__.py": "a docstring",
    "engines/kit/digest.py": "hashes files",
    "engines/protocol.py": "checks clips; the rate it computes is in the clip's name",
    "engines/registry.py": "finds engines",
    "engines/sources.py": "computes the hash",
    "engines/running/__init__.py": "a docstring",
    "engines/running/patience.py": "asks a service again",
    "errors.py": "exceptions",
    "files.py": "reads files whole",
    "net.py": "cuts a connection",
    "parse/__init__.py": "a docstring",
    "settings.py": "what the user chose; the rate and the voice are in the clip's name",
    "toml.py": "reads settings",
    "model.py": "values; those that are heard are in the clip's name",
}


def fingerprint(engine_name: str) -> str:
    """The hash of all code and data of langdu that make an engine's sound; of a plug-in, of its own source."""
    own = target(engine_name)
    spec = find_spec(own.split(":")[0])
    if spec is None or spec.origin is None:
        return own
    origin = Path(spec.origin)
    files = set(_files(origin.parent if origin.name == "__init__.py" else origin))
    if engine_name in BUILT_IN:
        files |= sound_files(engine_name)
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()


def sound_files(engine_name: str) -> set[Path]:
    """The files of a built-in engine that make its sound, its own folder included."""
    folder = target(engine_name).split(":")[0].removeprefix("langdu.").replace(".", "/")
    return {file for name in (folder, *SHARED[engine_name]) for file in _files(_PACKAGE / name)}


def _files(path: Path) -> Iterator[Path]:
    return path.rglob("*.py") if path.is_dir() else iter([path])
