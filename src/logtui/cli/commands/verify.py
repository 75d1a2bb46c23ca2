"""`logtui verify`: are the sealed days what they were, and if not, does the ledger say why?"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from logtui.cli import diagnostics, output
from logtui.cli.diagnostics import ExitCode, ProgressLine
from logtui.cli.interrupts import run_interruptibly
from logtui.cli.options import add_common, clock_of, default_store, settings_of
from logtui.cli.parser import Subparsers
from logtui.cli.progress_bar import bar
from logtui.cli.sealing import seal
from logtui.core.cancel import CancelToken
from logtui.core.errors import UsageError
from logtui.core.retention.policy import size_text
from logtui.core.times import day_of, parse_day
from logtui.services.progress import Progress
from logtui.services.verification.findings import Finding, Kind
from logtui.session import open_retention


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "verify",
        positionals=("STORE",),
        help="check sealed days against manifests and ledger",
        description=(
            "Read the files of sealed days whole and compare them with what was sealed. What changed and is in the\n"
            "ledger (compaction, retention, late events) is expected; anything else is named, and the exit code is 1."
        ),
    )
    add = parser.add_argument
    add("--from", dest="from_day", metavar="DAY", help="only from this day on")
    add("--to", dest="to_day", metavar="DAY", help="only up to this day, included")
    add("--seal", action="store_true", help="first seal the days that are over and have no seal")
    add("--head", action="store_true", help="print the ledger's head digest, to be kept elsewhere, and end")
    add("--expect", metavar="DIGEST", help="a head digest that was kept elsewhere: it must be in the ledger")
    add("--sign", metavar="KEY", type=Path, help="sign the ledger's head with an Ed25519 private key in PEM, and end")
    add("--public-key", metavar="KEY", type=Path, help="check the ledger's signatures with this key")
    add("--json", action="store_true", help="print all findings as JSON")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    """Verify one store."""
    named = options.positionals[0] if options.positionals else default_store(settings_of(options))
    if named is None:
        raise UsageError("no store: name one, in LOGTUI_STORE, or as `store` in the configuration file")
    store = Path(named).expanduser()
    return run_interruptibly(lambda token: _verify(store, options, token))


def _verify(place: Path, options: argparse.Namespace, token: CancelToken) -> int:
    from logtui.services.verification import signing, verifying
    from logtui.storage.ledger import read_ledger

    store = open_retention(place, clock=clock_of(options))
    store.marker()
    code = ExitCode.DONE
    if options.seal:
        code = seal(place, store.clock, token)
    if options.sign:
        entry = signing.sign_head(place, options.sign, store.clock)
        diagnostics.note(f"signed the ledger up to line {entry.number - 1}; its head is {entry.digest}")
        return code
    if options.head:
        output.write_text(verifying.head_text(read_ledger(place)) + "\n")
        return code
    line = ProgressLine()
    findings: list[Finding] = []
    try:
        found = verifying.verify_store(
            place,
            store.clock,
            only=_days(options, store.clock()),
            expected_head=(options.expect or "").split(" ")[0].lower(),
            progress=_progress(line, "read"),
            token=token,
        )
        for finding in found:
            findings.append(finding)
            if finding.is_problem:
                line.erase()
                _say(finding)
    finally:
        line.erase()
    if options.public_key:
        signatures = list(signing.check_signatures(place, options.public_key))
        findings += signatures
        for finding in signatures:
            if finding.is_problem:
                _say(finding)
    return max(code, _conclude(findings, is_json=options.json))


def _progress(line: ProgressLine, verb: str) -> Progress:
    def progress(done: int, of: int, what: str) -> None:
        line.say(f"{bar(done, of)} {verb} {_amount(done, of)}  {what}")

    return progress


def _amount(done: int, of: int) -> str:
    return f"{100 * done // of}%" if of else ""


def _say(finding: Finding) -> None:
    diagnostics.note(f"{finding.path}: {finding.kind.upper()}: {finding.message}")


def _conclude(findings: list[Finding], *, is_json: bool) -> ExitCode:
    problems = [finding for finding in findings if finding.is_problem]
    if is_json:
        fields = [{"path": each.path, "kind": each.kind.value, "message": each.message} for each in findings]
        output.write_json({"is_verified": not problems, "findings": fields})
    for finding in findings:
        if finding.kind is Kind.NOTE:
            diagnostics.note(f"{finding.path}: {finding.message}")
    counts = Counter(finding.kind for finding in findings)
    verified = [finding for finding in findings if finding.kind is Kind.VERIFIED]
    segments, size = sum(each.segments for each in verified), sum(each.byte_count for each in verified)
    parts = [f"{counts[Kind.VERIFIED]:,} days verified ({segments:,} segments, {size_text(size)})"]
    if counts[Kind.UNSEALED]:
        parts.append(f"{counts[Kind.UNSEALED]:,} closed days not sealed yet (--seal)")
    if counts[Kind.EXPECTED]:
        parts.append(f"{counts[Kind.EXPECTED]:,} gone by retention, as recorded")
    parts.append(f"{len(problems):,} problem{'s' * (len(problems) != 1)}")
    diagnostics.note(", ".join(parts))
    return ExitCode.PROBLEM if problems else ExitCode.DONE


def _days(options: argparse.Namespace, now: int) -> frozenset[str] | None:
    from logtui.core.clock import DAY

    if options.from_day is None and options.to_day is None:
        return None
    first = 0 if options.from_day is None else parse_day(options.from_day, now)
    last = now // DAY * DAY if options.to_day is None else parse_day(options.to_day, now)
    return frozenset(day_of(day) for day in range(first, last + DAY, DAY))
