"""What the one-shots of compose.yaml do before the services start."""
