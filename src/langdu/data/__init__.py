"""Tables, each with its source on top; lexicon.bin is compiled when langdu is built."""
