"""The articles and how they are read: text with offsets, no model."""
