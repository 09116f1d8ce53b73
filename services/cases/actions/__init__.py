"""What the cases service does, one use case a file."""
