"""From exec to the newest event: python -m benchmarks.peers.once TOOL ARGUMENT…, as a script of its users would do."""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.peers.questions import Question

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    print(
        import_module(f"benchmarks.peers.tools.{name}")
        .open_tool(*arguments)
        .ask(Question("", "", "page", limit=1))
        .values
    )
