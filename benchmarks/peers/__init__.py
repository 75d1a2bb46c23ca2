"""The same questions put to logtui and to what a person would use instead, on the same events, in one run.

questions   what is asked, in words that every tool's module translates into its own
needles     the values that are looked for, picked from the store
tools/      a module for each tool; it alone knows how its own users would ask
worker      runs one tool in a process of its own and measures it there
asking      starts workers, lets them take turns, gives up on those that take too long
agreement   whether all gave the same rows; what did not agree is not timed
matrix      which questions on which stores; keeps what is done, so that a run that was cut short goes on
sizes       logtui alone, on stores of other sizes in turns
deeds       import, merge, verify, drop a day; screens: start and follow in a terminal
report/     JSON, Markdown tables, charts, docs/performance.md
"""
