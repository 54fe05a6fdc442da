"""Readers (bytes to rows) and mappings (rows to records)."""
