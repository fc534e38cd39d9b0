"""Gestures as they happen."""
