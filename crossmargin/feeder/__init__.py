"""Keeps a deployed venue fresh: posts what a desk wants, refreshes feeds and risk arrays before they are stale."""
