"""The wire formats, one by one."""
