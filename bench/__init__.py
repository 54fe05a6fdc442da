"""Measurements, side by side: `python -m bench` prints the tables of docs/performance.md."""
