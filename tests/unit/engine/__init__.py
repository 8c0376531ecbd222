"""Tests of shared/metrics/engine."""
