"""What formats show: words with their times, and cues, which consist of words."""
