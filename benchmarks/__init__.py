"""One file per question; each prints a ratio and the absolute figures beside it."""
