"""Keeping open pages fresh: what happens to cases, and who looks at them, as it happens."""
