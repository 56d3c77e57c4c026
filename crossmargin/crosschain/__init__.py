"""Collateral on other chains: messages between hub and spokes, those who vouch for them, and who carries them."""
