"""Figures for people: Markdown tables, charts, and docs/performance.md. Pure but for `documenting`."""
