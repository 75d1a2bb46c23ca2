"""Runs a partner process for a test, whose own process has threads and cannot be forked: STORE."""

import sys
from pathlib import Path

from logtui.cli.partner_process import PartnerProcess, serve
from logtui.services.ingest.recipe import Recipe

if __name__ == "__main__":
    serve(PartnerProcess(Path(sys.argv[1]), Recipe()), sys.stdin.buffer, sys.stdout.buffer)
