"""Vectors and words: the encoder, what is looked up fast, and the folder on disk that holds it."""
