"""Events in: bytes from a source become records, a format reads them as events, a writer stores them once each."""
