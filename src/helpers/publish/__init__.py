"""Turns executed notebooks into what a reader gets: PDF, figures, tables and the manifest."""
