"""The cases service: cases, their discussion and history, and the directory around them."""
