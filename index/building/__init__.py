"""What an index is built with; the only room that imports torch."""
