"""The web gateway: pages for people and an API for programs, over the other services."""
