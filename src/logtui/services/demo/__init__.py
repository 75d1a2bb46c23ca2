"""Believable audit events of a company that does not exist.

`timeline` runs `stories` side by side in one `world`; `month` plays thirty days of them, which is the bundled data
set; `live` goes on from there in real time; `bundle` copies the data set so that it ends now; `bulk` makes stores of
millions of events that look alike.
"""
