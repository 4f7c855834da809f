"""Measurements of time, memory and size, ours beside what others would do."""
