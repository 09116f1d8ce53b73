"""How Casewire is started, on one machine or in containers, tried out, and looked after."""
