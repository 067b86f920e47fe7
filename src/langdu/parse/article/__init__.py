"""Lines → an article: its title, its paragraphs, its details; what is no part of it left out."""
