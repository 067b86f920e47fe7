"""What formats show: words with their times, and the cues made of them."""
