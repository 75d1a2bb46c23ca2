"""Retention: plan, apply, holds, restore. Each step is a function over one `RetainedStore`."""
