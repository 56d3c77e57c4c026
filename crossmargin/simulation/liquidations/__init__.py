"""Liquidations replayed on price paths: what each rule costs, what it leaves unpaid, who bids and when."""
