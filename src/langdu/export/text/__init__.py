"""Formats that are text: subtitles, lyrics, annotations, notes, and times for programs."""
