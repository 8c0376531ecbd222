"""The engines we compare with: each with the raw events and with roll-ups that it made itself."""
