"""Mails coming in: fetched, stored, parsed, judged."""
