"""Margins that move ahead: years of books replayed with the steward's multipliers and without, docs/liquidations.md."""
