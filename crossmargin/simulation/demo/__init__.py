"""The demo: a venue on a local chain, portfolios, a crash, competing keepers, and an account of what came of it."""
