"""Where a text comes from: files of many formats, encodings, the web."""
