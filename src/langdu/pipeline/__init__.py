"""The only place that knows the order of the stages: parse → normalize → pronounce → check → segment → speak → files.

`text` goes from a source to scripts, `speech` from scripts to sound, `narration` from sound to files.
"""
