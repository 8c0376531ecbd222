"""Measurements, and the engines we compare with."""
