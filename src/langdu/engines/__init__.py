"""Engines turn utterances into clips.

protocol.py says what an engine is, registry.py finds one by name, sources.py lists what makes its sound; `running/`
speaks in several processes, in packs and again after a failure, `kit/` is what engines share, and each other folder
is an engine.
"""

from langdu.engines.protocol import Capabilities, Engine, HasAccount, HasUserVoices, Obeys, say
from langdu.engines.registry import BUILT_IN, built_in_voices, create, plugin_voices, preparer, user_voice
from langdu.engines.sources import fingerprint

__all__ = [
    "BUILT_IN",
    "Capabilities",
    "Engine",
    "HasAccount",
    "HasUserVoices",
    "Obeys",
    "built_in_voices",
    "create",
    "fingerprint",
    "plugin_voices",
    "preparer",
    "say",
    "user_voice",
]
