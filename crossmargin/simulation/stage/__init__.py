"""What is played on: scenarios and their prices, a local chain, a venue on it, keepers."""
