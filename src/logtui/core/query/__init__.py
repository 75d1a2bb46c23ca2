"""The query language: text, tree, and back (SPEC §4). Pure; knows nothing of files or SQL."""
