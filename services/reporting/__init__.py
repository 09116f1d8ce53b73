"""The reporting service: counts and sums over the cases, from what the bus tells of them."""
