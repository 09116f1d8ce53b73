"""Mails going out: composed and sent."""
