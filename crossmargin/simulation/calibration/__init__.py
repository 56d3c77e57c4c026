"""What prices did, held against the margins that a network configures."""
