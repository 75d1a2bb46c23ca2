"""One tool in a process of its own: python -m benchmarks.peers.worker TOOL ARGUMENT…

Reads questions as JSON lines and answers each with one JSON line. Runs in the interpreter that has the tool, so it
needs no more than the standard library.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from functools import partial
from importlib import import_module

from benchmarks.peers.answer import CannotAnswerError
from benchmarks.peers.meter import measure
from benchmarks.peers.questions import Question


def main() -> None:
    name, *arguments = sys.argv[1:]
    # What libraries print must not come between the answers.
    with os.fdopen(os.dup(1), "w") as replies:
        os.dup2(2, 1)

        def reply(**fields: object) -> None:
            replies.write(json.dumps(fields) + "\n")
            replies.flush()

        tool = import_module(f"benchmarks.peers.tools.{name}").open_tool(*arguments)
        reply(version=tool.version)
        for line in sys.stdin:
            request = json.loads(line)
            question = Question.from_json(json.dumps(request["question"]))
            try:
                answer, cost = measure(partial(tool.ask, question))
            except CannotAnswerError as error:
                reply(cannot=str(error))
                continue
            except Exception as error:  # noqa: BLE001 - whatever a tool raises is its answer
                reply(failed=f"{type(error).__name__}: {error}"[:500])
                continue
            values = {"values": answer.values} if request["whole"] else {}
            reply(digest=answer.digest(), is_exact=answer.is_exact, **values, **asdict(cost))


if __name__ == "__main__":
    main()
