"""The columnar form of packs and blocks."""
