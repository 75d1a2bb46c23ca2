"""Verification: sealing closed days, and telling afterwards whether anything but recorded changes happened to them."""
