"""Which passages and sentences are nearest to a question."""
