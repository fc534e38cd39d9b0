"""Recordings for others: CSV, Parquet, and Edge Impulse's JSON and CBOR.

An exporter is a function `(piece, options) -> Exported`; `FORMATS` in `run.py` lists them.
"""
