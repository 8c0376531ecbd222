"""Tests of shared/metrics/domain."""
