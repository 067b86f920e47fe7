"""What learners get from an article: its words, cards, a test sheet, and their own pinyin held against it."""
