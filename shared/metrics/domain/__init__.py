"""What the numbers mean; pure, no I/O, no clock."""
