"""The cloud's template, and the packaging of what it runs."""
