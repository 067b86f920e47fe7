"""Which hanzi a written reading belongs to."""
