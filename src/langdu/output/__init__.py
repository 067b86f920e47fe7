"""The folder of a narration: its files, its record, its manifest, and how it is read back."""
