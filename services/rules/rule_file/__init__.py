"""Rules in a YAML file that people write: by names, in few words."""
