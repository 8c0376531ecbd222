"""The checks of `crm-metrics doctor`, by what they are about."""
