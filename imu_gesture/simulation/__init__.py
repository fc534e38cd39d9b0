"""Hands that move with known truth, sensors that err, and a virtual board made of the firmware."""
