"""The folder of a narration: its files, its record, its manifest, and reading it back."""
