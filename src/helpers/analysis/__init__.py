"""Frames in, frames out: the index and what is derived from it; no files, no plots, no language."""
