"""Every way in which the screen can end gives the terminal back, with the documented exit code and no leftovers."""

from __future__ import annotations

import os
import re
import signal
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.asking import add, event, own_store
from tests.slow_store import SLOW_QUERY, make_slow_store
from tests.terminal import Terminal, modes_left
from tests.tui.faulty_screen import SECRET

pytestmark = pytest.mark.pty

ENDING = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGQUIT: 131, signal.SIGTERM: 143}
LEAVE = b"\x1b[?1049l"
F12 = b"\x1b[24~"
OUT_SECONDS = 0.2
"""In which ctrl+c gets a person out. A quiet machine needs a third of it; what else runs there may make it wait."""


@pytest.fixture(scope="module")
def slow_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_slow_store(tmp_path_factory.mktemp("slow") / "slow.parquet")


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs and files for a moment go where the test can look for them."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))


def log_of(tmp_path: Path) -> Path:
    return tmp_path / "state" / "logtui" / "logtui.log"


def screen(
    store: Path, query: str = "", *, program: tuple[str, ...] = ("logtui", "open"), cwd: Path | None = None
) -> Terminal:
    arguments = [str(store), *([query] if query else []), "--now", "2026-10-04T12:00:00Z"]
    return Terminal([sys.executable, "-m", *program, *arguments], cwd=str(cwd) if cwd else None)


# -- what is under way when the end comes


def idle(tmp_path: Path, small_store: Path, slow_store: Path) -> Terminal:
    terminal = screen(small_store)
    terminal.wait_for("1 of 90")
    terminal.settle()
    return terminal


def dialog(tmp_path: Path, small_store: Path, slow_store: Path) -> Terminal:
    terminal = idle(tmp_path, small_store, slow_store)
    terminal.press("?")
    terminal.wait_for("keys and queries")
    return terminal


def query(tmp_path: Path, small_store: Path, slow_store: Path) -> Terminal:
    terminal = screen(slow_store, SLOW_QUERY, cwd=tmp_path)
    terminal.wait_for("searching")
    terminal.settle()
    return terminal


def export(tmp_path: Path, small_store: Path, slow_store: Path) -> Terminal:
    terminal = query(tmp_path, small_store, slow_store)
    terminal.press("\x05")
    terminal.wait_for("export events")
    terminal.press("enter")
    terminal.wait_for("begins|searched|written")
    return terminal


def live(tmp_path: Path, small_store: Path, slow_store: Path) -> Terminal:
    store = own_store(tmp_path / "live", [event(1)])
    terminal = screen(store)
    terminal.wait_for("1 of 1 ")
    add(store, [event(2)])
    terminal.wait_for("1 of 2 ")
    return terminal


Activity = Callable[[Path, Path, Path], Terminal]


def assert_given_back(terminal: Terminal, tmp_path: Path) -> None:
    """The terminal is as it was, nobody has it, and no file is left."""
    terminal.wait_closed()
    assert terminal.left_behind == []
    assert LEAVE in terminal.raw
    assert b"Traceback" not in terminal.raw
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not list(tmp_path.glob("*.csv*"))


@pytest.mark.parametrize(
    ("activity", "number"),
    [
        (idle, signal.SIGINT), (idle, signal.SIGQUIT), (dialog, signal.SIGTERM), (query, signal.SIGHUP),
        (query, signal.SIGINT), (export, signal.SIGTERM), (live, signal.SIGTERM),
    ],
)  # fmt: skip
def test_a_signal_gives_the_terminal_back(
    tmp_path: Path, small_store: Path, slow_store: Path, activity: Activity, number: signal.Signals
) -> None:
    """Whatever is under way."""
    with activity(tmp_path, small_store, slow_store) as terminal:
        terminal.signal(number)

        assert terminal.wait_exit() == ENDING[number]
        assert_given_back(terminal, tmp_path)


@pytest.mark.parametrize("activity", [idle, query, export])
def test_a_terminal_that_is_closed_ends_the_program(
    tmp_path: Path, small_store: Path, slow_store: Path, activity: Activity
) -> None:
    """As when a connection drops: no process is left, and no file."""
    with activity(tmp_path, small_store, slow_store) as terminal:
        processes = [psutil.Process(terminal.pid), *psutil.Process(terminal.pid).children(recursive=True)]
        terminal.hang_up()

        assert terminal.wait_exit() == 129
        assert psutil.wait_procs(processes, timeout=5)[1] == []
        assert list((tmp_path / "temporary").iterdir()) == []
        assert not log_of(tmp_path).exists(), "nothing went wrong"


def test_a_program_that_is_killed_leaves_a_usable_terminal(tmp_path: Path, small_store: Path, slow_store: Path) -> None:
    """As by the system when memory has run out: a second process sees to it, and says what happened."""
    with query(tmp_path, small_store, slow_store) as terminal:
        terminal.signal(signal.SIGKILL)

        assert terminal.wait_exit() == -signal.SIGKILL
        assert_given_back(terminal, tmp_path)
        assert b"logtui: it was killed" in terminal.raw


def test_a_program_that_is_killed_while_stopped_leaves_the_shell_alone(small_store: Path) -> None:
    """The terminal is not its own then."""
    with screen(small_store) as terminal:
        terminal.wait_for("1 of 90")
        stopped(terminal, signal.SIGTSTP)
        written = len(terminal.raw)
        terminal.signal(signal.SIGKILL)
        terminal.wait_exit()
        terminal.wait_closed()

        assert bytes(terminal.raw[written:]) == b""


# -- ctrl+c


@pytest.mark.parametrize(("activity", "presses"), [(dialog, 1), (query, 2), (export, 2)])
def test_ctrl_c_gets_out_at_once(
    tmp_path: Path, small_store: Path, slow_store: Path, activity: Activity, presses: int
) -> None:
    """The first press cancels what is under way, if anything is; the next one leaves."""
    with activity(tmp_path, small_store, slow_store) as terminal:
        for _ in range(presses - 1):
            terminal.press("ctrl+c")
            terminal.wait_for("cancelled")
        code, taken = press_ctrl_c(terminal)

        assert code == 130
        assert_given_back(terminal, tmp_path)
        assert taken < 2 * OUT_SECONDS


@pytest.mark.parametrize("fault", ["hang", "hang_at_exit"])
def test_ctrl_c_gets_out_of_a_screen_that_hangs(tmp_path: Path, small_store: Path, fault: str) -> None:
    """A library that does not return, a thread that does not end."""
    with faulty(small_store, fault) as terminal:
        terminal.send(F12)
        terminal.settle(0.1)
        code, taken = press_ctrl_c(terminal)

        assert code == 130
        assert_given_back(terminal, tmp_path)
        assert taken < 2 * OUT_SECONDS


def press_ctrl_c(terminal: Terminal) -> tuple[int, float]:
    """Return the exit code, and the seconds until the program has ended."""
    began = time.perf_counter()
    terminal.press("ctrl+c")
    code = terminal.wait_exit()
    return code, time.perf_counter() - began


# -- mistakes of our own


def faulty(store: Path, fault: str) -> Terminal:
    terminal = screen(store, program=("tests.tui.faulty_screen", fault))
    terminal.wait_for("1 of 90")
    terminal.settle()
    return terminal


@pytest.mark.parametrize(
    "fault", ["in_handler", "in_worker", "in_thread", "in_question", "in_render", "in_output", "in_loop", "in_unmount"]
)
def test_a_mistake_is_one_line_and_a_log(tmp_path: Path, small_store: Path, fault: str) -> None:
    """Wherever it is made: no traceback on the screen, and no event's text in the log."""
    with faulty(small_store, fault) as terminal:
        terminal.send(F12)

        assert terminal.wait_exit() == 1
        assert_given_back(terminal, tmp_path)
        log = log_of(tmp_path)
        said = re.sub(rb"\x1b\[[0-9;?]*[a-z]", b"", terminal.raw[terminal.raw.rindex(LEAVE) :]).decode()
        assert re.fullmatch(rf"\s*logtui: internal error: ValueError: [^\n]*; details are in {log}\s*", said)
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        text = log.read_text()
        assert "in fail" in text
        assert "textual 8" in text
        assert SECRET not in text
        assert "small" not in text.partition("Traceback")[0]


def test_a_mistake_in_the_input_thread_is_one_too(tmp_path: Path, small_store: Path) -> None:
    """It happens with the next key."""
    with faulty(small_store, "in_input") as terminal:
        terminal.send(F12)
        terminal.settle(0.1)
        terminal.press("j")

        assert terminal.wait_exit() == 1
        assert_given_back(terminal, tmp_path)
        assert "in fail" in log_of(tmp_path).read_text()


@pytest.mark.parametrize(
    ("fault", "number", "name"),
    [("segfault", signal.SIGSEGV, "Segmentation fault"), ("abort", signal.SIGABRT, "Aborted")],
)
def test_a_crash_in_native_code_is_one_line_and_a_log(
    tmp_path: Path, small_store: Path, fault: str, number: signal.Signals, name: str
) -> None:
    """No code of the program's own runs any more; the shell still sees what ended it."""
    with faulty(small_store, fault) as terminal:
        terminal.send(F12)

        assert terminal.wait_exit() == -number
        assert_given_back(terminal, tmp_path)
        assert f"logtui: internal error: {name}; details are in {log_of(tmp_path)}".encode() in terminal.raw
        assert f"in {fault}" in log_of(tmp_path).read_text()


def test_what_is_written_to_stderr_does_not_tear_the_screen(tmp_path: Path, small_store: Path) -> None:
    """Libraries warn there, whoever has the terminal."""
    with faulty(small_store, "say") as terminal:
        terminal.send(F12)
        terminal.wait_for("said")
        terminal.press("q")

        assert terminal.wait_exit() == 0
        assert b"TORN" not in terminal.raw
        assert_given_back(terminal, tmp_path)


# -- being stopped


def stopped(terminal: Terminal, number: signal.Signals) -> None:
    """Send a signal that stops, and wait until the process is."""
    terminal.signal(number)
    process, deadline = psutil.Process(terminal.pid), time.monotonic() + 10
    while process.status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < deadline
        terminal.settle(0.005)
    terminal.settle()


def test_stopping_gives_the_terminal_back_and_going_on_paints_it_in_its_new_size(small_store: Path) -> None:
    """ctrl+z, another size, `fg`; then the same without being asked, as by `kill -STOP`."""
    with screen(small_store) as terminal:
        terminal.wait_for("1 of 90")
        terminal.press("j")
        terminal.wait_for("2 of 90")
        for number, (columns, rows) in ((signal.SIGTSTP, (90, 20)), (signal.SIGSTOP, (100, 30))):
            stopped(terminal, number)
            assert (terminal.left_behind == []) == (number == signal.SIGTSTP)
            terminal.resize(columns, rows)
            begin = len(terminal.raw)
            terminal.signal(signal.SIGCONT)
            painted(terminal, begin, b"enter detail", b"sign_in.password", b"2 of 90")

            assert "mode 1049" in terminal.left_behind
            assert [len(line) for line in terminal.text.splitlines()][-1] <= columns
            assert terminal.text.splitlines()[-1].startswith(" enter detail")
        terminal.press("q")

        assert terminal.wait_exit() == 0
        terminal.wait_closed()
        assert terminal.left_behind == []


def painted(terminal: Terminal, begin: int, *texts: bytes) -> None:
    """Wait until all of this was written since `begin`."""
    terminal.wait_written(
        lambda raw: all(text in re.sub(rb"\x1b\[[0-9;]*m", b"", bytes(raw[begin:])) for text in texts)
    )
    terminal.settle()


def test_it_stays_stopped_in_the_background_and_ends_with_its_shell(small_store: Path) -> None:
    """`bg` is no reason to paint over the shell, and a stopped program is no reason to outlive it."""
    program = f"{sys.executable} -m logtui open {small_store} --now 2026-10-04T12:00:00Z"
    with Terminal(["sh", "-i"], env={"PS1": "READY "}) as terminal:
        terminal.wait_for("READY")
        terminal.send(f"{program}\r".encode())
        terminal.wait_for("1 of 90")
        (process,) = [each for each in psutil.Process(terminal.pid).children() if "logtui" in " ".join(each.cmdline())]
        everyone = [process, *process.children()]
        terminal.press("ctrl+z")
        terminal.wait_for("Stopped")
        begin = len(terminal.raw)
        terminal.send(b"bg; echo said\r")
        terminal.wait_for("^said")
        terminal.settle(0.2)

        assert LEAVE.replace(b"l", b"h") not in terminal.raw[begin:]
        assert process.status() == psutil.STATUS_STOPPED
        terminal.hang_up()
        assert psutil.wait_procs(everyone, timeout=5)[1] == []


# -- sizes


def test_a_storm_of_sizes_leaves_it_right_and_quiet(small_store: Path) -> None:
    """Hundreds in a second, from one cell to more than any terminal has."""
    with screen(small_store) as terminal:
        terminal.wait_for("1 of 90")
        for step in range(300):
            columns, rows = ((1, 1), (500, 200), (20, 5), (3, 40), (200, 2))[step % 5]
            terminal._process.setwinsize(rows, columns)
            os.kill(terminal.pid, signal.SIGWINCH)
            time.sleep(0.002)
        terminal.resize(100, 30)
        terminal.wait_for(r"(?s)\A(?:[^\n]*\n){29} enter detail[^\n]*\Z")
        terminal.settle(0.2)
        terminal.press("j")
        terminal.wait_for("2 of 90")
        terminal.settle()

        assert modes_left(bytes(terminal.raw)) != []
        terminal.press("q")
        assert terminal.wait_exit() == 0
