"""Webhooks in: a delivery is checked, read as an event, stored durably, and only then acknowledged."""
