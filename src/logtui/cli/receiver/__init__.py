"""The HTTP side of `logtui receive`: an ASGI application, the server around it, and its log."""
