"""The rules service: which rule fires for which case, when, and why."""
