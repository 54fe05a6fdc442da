"""One file a format, and what all of them share."""
