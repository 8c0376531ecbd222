"""A made-up company for the benchmark of the views: what people do, and who they are."""
