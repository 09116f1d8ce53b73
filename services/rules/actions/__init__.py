"""One use case a file: taking in events, firing what is due, saving and loading rules."""
