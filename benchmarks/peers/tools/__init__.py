"""A module for each tool, with `open_tool(…)` that returns what has `version` and `ask(question) -> Answer`."""
