"""The commands about the text of an article: nothing is spoken."""
