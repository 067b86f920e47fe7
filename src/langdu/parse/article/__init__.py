"""Lines → an article: its title, its paragraphs, its author and date; the rest is dropped."""
