"""How utterances reach an engine: in several processes, in packs, and again after a failure."""
