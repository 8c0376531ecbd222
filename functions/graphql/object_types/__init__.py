"""The types of the schema, one concept a file. Each is built from what a view answered."""
