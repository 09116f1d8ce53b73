"""How Casewire is started and tried out on one machine."""
