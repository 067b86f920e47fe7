"""An article that a person corrects: its readings and their reasons, changes to its text, the shelf it stands on."""
