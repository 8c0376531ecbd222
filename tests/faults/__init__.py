"""Faults injected where they happen: below the adapters, and with `kill -9`."""
