"""Whole jobs from a workspace: what a command does, as functions that a notebook can call."""
