"""A question ▶ vectors, without torch."""
