"""Carrying the chat to where others can reach it: Hugging Face Spaces, Docker, any server."""
