"""Recordings made by others: CSV of any layout, Arduino tutorial files, UHH npz files.

An importer is a function `(source, options) -> ImportedFile`; `FORMATS` in `run.py` lists them.
"""
