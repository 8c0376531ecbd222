"""Answers GraphQL over HTTP."""
