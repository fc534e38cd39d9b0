"""Boards as streams of events: over USB serial, or virtual. The only package that opens ports."""
