"""What follows a check: commands that accept a finding for good, and corrected copies of documents."""
