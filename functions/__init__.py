"""The deployable functions, one package each."""
