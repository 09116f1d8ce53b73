"""Known holes in what we build on, by a saved database: for machines that reach no registry."""
