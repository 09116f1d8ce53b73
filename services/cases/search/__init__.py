"""The full-text search of cases: one document a case, on either database."""
