"""What ingest answers, and what it keeps."""
