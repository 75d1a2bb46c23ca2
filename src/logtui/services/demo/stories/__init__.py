"""What happens: one module a theme, one function a story. Each is readable on its own.

A story takes the world, changes it, logs events through requests, and yields how long to wait in between. Stories that
need somebody in particular take a person or a company besides; `plan` says how often each happens.
"""
