"""Recordings on disk: MCAP files in SI units, labels beside them, importers for other formats."""
