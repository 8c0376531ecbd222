"""The definitions as plain loops: slow, obvious, and written without a look at the array code."""
