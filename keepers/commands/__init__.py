"""The command line, a file a concern: what runs, what looks after it, what moves money. Keys are never flags."""
