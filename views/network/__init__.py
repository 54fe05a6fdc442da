"""The network view: the canvas (`component`), the same as a table (`table`), and the legend."""
