"""One file a page, and the network view with its frontend."""
