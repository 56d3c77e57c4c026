"""Simulations of a venue: the demo, which plays a crash on a chain of its own."""
