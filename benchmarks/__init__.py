"""Measurements of time, memory and size, ours beside what others would do."""

import index  # noqa: F401 - before anything here imports numpy, which it sets to one thread as serving does
