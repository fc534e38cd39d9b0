"""Proof that the board computes what the host computes: one rung after the other."""
