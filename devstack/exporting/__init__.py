"""Writes what there is to files: the tables of views, and the events themselves."""
