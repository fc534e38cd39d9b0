"""Boards that print their samples as text."""
