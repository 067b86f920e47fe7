"""Formats that are sound."""
