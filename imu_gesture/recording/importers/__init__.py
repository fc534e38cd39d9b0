"""Recordings made by others: CSV, Arduino tutorials, UHH, Edge Impulse; and our own Parquet.

An importer is a function `(source, options) -> ImportedFile`; `FORMATS` in `run.py` lists them.
"""
