"""The commands of `crm-metrics`, one a file."""
