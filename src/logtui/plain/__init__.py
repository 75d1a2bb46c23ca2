"""The session without a screen: lines and commands, for screen readers, braille lines and terminals that only print."""
