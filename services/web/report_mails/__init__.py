"""Reports that are mailed on a schedule."""
