"""Labelled recordings -> windows `X`, labels `y`, groups, and splits that do not leak."""
