"""Which hanzi a written reading belongs to: exactly, with mistakes, or by the words of the text."""
