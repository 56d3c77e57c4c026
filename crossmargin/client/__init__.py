"""Typed access to a deployed venue."""
