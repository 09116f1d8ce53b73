"""Webhooks: what happens to cases, told to other programs by signed requests."""
