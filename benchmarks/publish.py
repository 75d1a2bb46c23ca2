"""Write what was measured last into docs/performance.md: python -m benchmarks.publish.

Takes the run of `benchmarks.peers` and the tables of all other benchmarks, puts them into one file, and that into the
document. `--reference` also makes them the run that the repository keeps.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from benchmarks.peers.report.documenting import document
from benchmarks.peers.results import Results, Table
from benchmarks.report import RESULTS

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
REFERENCE = RESULTS / "reference.json"


def main() -> int:
    measured = RESULTS / "peers.json"
    if not measured.exists():
        print("nothing to publish: run `python -m benchmarks.peers` first", file=sys.stderr)
        return 1
    results = Results.read(measured)
    for path in sorted((RESULTS / "tables").glob("*.json")):
        fields = json.loads(path.read_text())
        results.tables.append(Table(**{**fields, "figures": tuple(fields["figures"])}))
    whole = RESULTS / f"bench-{results.date[:10]}.json"
    results.write(whole)
    if "--reference" in sys.argv[1:]:
        shutil.copyfile(whole, REFERENCE)
    for path in (whole, *document(results, PAGE)):
        print(f"written: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
