"""Forecasts of volatility: what the venue computes on chain, in exact integers, and how a forest is trained for it."""
