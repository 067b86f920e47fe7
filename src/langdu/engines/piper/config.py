"""Reads the description of a Piper voice: the JSON file beside its model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from langdu import files
from langdu.errors import ConfigError

_LARGEST: Final = 1 << 24
_WHERE: Final = "Piper's Chinese voices are in zh/zh_CN of huggingface.co/rhasspy/piper-voices"


@dataclass(frozen=True, slots=True)
class PiperConfig:
    """The settings needed to speak. `ids` are the model's numbers for each phoneme, `length` its own length scale."""

    sample_rate: int
    ids: dict[str, tuple[int, ...]]
    length: float


def beside(model: Path) -> Path:
    """The file that describes a model."""
    return Path(f"{model}.json")


def read_config(model: Path) -> PiperConfig:
    """Read the description beside a model.

    Raises: ConfigError: a file is missing, is not what Piper writes, or describes a voice that takes no pinyin.
    """
    path = beside(model)
    for file in (model, path):
        if not file.is_file():
            raise ConfigError(
                f"there is no file {file}: a Piper voice is a model (….onnx) and, beside it, its description "
                f"(….onnx.json); download both. {_WHERE}"
            )
    try:
        table = files.from_json(files.text(path, _LARGEST))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {files.reason(error)}; name the file of a model") from error
    except ValueError as error:
        raise ConfigError(f"{path} is not JSON ({error}); download it again") from error
    if not isinstance(table, dict):
        raise ConfigError(f"{path} does not describe a Piper voice: it holds no object; download it again")
    _refuse_others(path, table)
    try:
        return _config(table)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ConfigError(
            f"{path} does not describe a Piper voice ({type(error).__name__}: {error}); download it again"
        ) from error


def _config(table: dict[str, Any]) -> PiperConfig:
    ids = {str(phoneme): tuple(int(i) for i in numbers) for phoneme, numbers in table["phoneme_id_map"].items()}
    rate, length = int(table["audio"]["sample_rate"]), float(table.get("inference", {}).get("length_scale", 1))
    if rate <= 0 or not 0 < length < 10:
        raise ValueError(f"sample_rate {rate}, length_scale {length}")
    return PiperConfig(rate, ids, length)


def _refuse_others(path: Path, table: dict[str, Any]) -> None:
    if table.get("phoneme_type") == "pinyin":
        return
    codes = (_entry(table, "language", "code"), _entry(table, "espeak", "voice"))
    code = next(filter(None, codes), "another language")
    if code[:3] in ("cmn", "zh", "zh_", "zh-"):
        raise ConfigError(
            f"the voice {path} takes the phonemes of espeak and no pinyin, so it cannot be made to say what is "
            f'annotated; choose one whose description has "phoneme_type": "pinyin" (xiao_ya, chaowen). {_WHERE}'
        )
    raise ConfigError(f"the voice {path} speaks {code}, not Chinese. {_WHERE}")


def _entry(table: dict[str, Any], part: str, name: str) -> str:
    inner = table.get(part)
    return str(inner.get(name) or "") if isinstance(inner, dict) else ""
