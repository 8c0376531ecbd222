"""Business KPIs: what each one is, and how any of them is evaluated (definitions §5, §6)."""
