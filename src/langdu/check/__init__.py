"""Article + readings → Findings. It never changes the text."""
