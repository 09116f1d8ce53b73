"""One small filter a file, named for the question it answers of a mail."""
