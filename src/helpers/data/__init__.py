"""Reads and checks the Data Package."""
