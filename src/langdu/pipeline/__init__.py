"""The only place that knows the order of the stages: parse → normalize → pronounce → check → segment → speak → files.

`text` goes from a source to what is to be said, `speech` from there to sound, `narration` from there to files.
"""
