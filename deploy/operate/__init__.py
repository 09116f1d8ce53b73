"""The operators' commands: `./casewire`. They look into all services at once, as no service may."""
