"""What is in a text and is not read aloud: markup, columns of misreadings, brackets that were not understood."""
