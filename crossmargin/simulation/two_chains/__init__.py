"""Two local chains: what is locked on one backs a position on the other, and what a captured transport can take."""
