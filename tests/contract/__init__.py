"""What every adapter of a port promises, tested on all of them."""
