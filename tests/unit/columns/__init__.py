"""Tests of shared/metrics/columns."""
