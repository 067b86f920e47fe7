"""An article that a person corrects: its readings with their reasons, changes to its text, and the shelf it stands on."""
