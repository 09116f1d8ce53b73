"""`make compose-test`: the compose file run for real, without a Docker engine."""
