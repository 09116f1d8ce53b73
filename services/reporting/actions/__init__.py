"""What the reporting service does, one use case a file."""
