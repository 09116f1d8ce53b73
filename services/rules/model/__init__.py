"""When a rule fires, as pure functions of what happened and what is known."""
