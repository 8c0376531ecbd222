"""Zylker Corporation: a made-up company whose use of a CRM fills the local stack."""
