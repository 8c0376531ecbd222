"""The root fields, one view a file."""
