"""Tests of the GraphQL function, with views that are faked."""
