"""Cross-margin framework: the exact reference model, the client and what is built on them."""
