"""A crash with a history before it, played with margins that move ahead and without: docs/demo.md."""
