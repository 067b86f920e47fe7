"""What several commands share: options, errors, findings, the terminal."""
