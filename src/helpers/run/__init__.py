"""Runs reports: kernels, one report, many reports."""
