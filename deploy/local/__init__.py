"""The one-machine start: everything that `make run` does once Python is ready."""
