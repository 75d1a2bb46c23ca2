"""Retention as values: what a policy says, and what it means for each day. Pure; nothing here touches a disk."""
