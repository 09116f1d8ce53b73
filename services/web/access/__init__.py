"""Who asks, how he proves it, and what his role lets him do."""
