"""Asking the other services, one client for each."""
