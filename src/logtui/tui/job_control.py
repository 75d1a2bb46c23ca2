"""Being stopped and going on (ctrl+z, `kill -STOP`, `fg`, `bg`): the terminal is the shell's meanwhile.

Textual gives the terminal back in a signal handler, in the middle of whatever holds a lock that writing needs, and
takes it again whenever it is continued, also where it had not been given back.
"""

from __future__ import annotations

import errno
import os
import signal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.drivers.linux_driver import LinuxDriver

    _Driver = LinuxDriver
else:
    _Driver = object


class JobControl(_Driver):
    """Mixed into a driver."""

    is_ending = False
    """The program leaves as soon as it can."""
    _is_away = False
    """The program is stopped, and another has the terminal."""

    def hang_up(self) -> None:
        """Leave: the terminal is gone."""
        raise NotImplementedError

    def _sigtstp_application(self, *_: Any) -> None:
        # Between two steps of the loop, when nothing holds a lock.
        self._loop.call_soon_threadsafe(self._stop)

    def _sigcont_application(self, *_: Any) -> None:
        if not self._is_away:
            self._loop.call_soon_threadsafe(self._retake)

    def _stop(self) -> None:
        """Give the terminal back and stop the process; take it again when that is continued."""
        if self._is_away or self.is_ending:
            return
        self._is_away = True
        self.suspend_application_mode()
        self.attrs_before = None  # from here on they are another's
        os.kill(os.getpid(), signal.SIGSTOP)
        self._take_again()
        self._is_away = False

    def _retake(self) -> None:
        """The process was stopped without being asked; others may have used the terminal, or use it still."""
        if self._is_away or self.is_ending:
            return
        self._is_away = True
        if self._is_in_foreground():
            self.suspend_application_mode()
        self._take_again()
        self._is_away = False

    def _take_again(self) -> None:
        """Stay stopped while in the background, then paint everything anew, in the size of now."""
        while not (self._is_in_foreground() or self._must_end()):
            os.kill(os.getpid(), signal.SIGSTOP)
        if self._must_end():
            # Not even the flushing of keys at the end may touch the terminal, or the system stops the process for it.
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            return
        self._must_signal_resume = True
        self.resume_application_mode()
        self._app.refresh(layout=True)

    def _must_end(self) -> bool:
        return self.is_ending

    def _is_in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError as error:
            if error.errno == errno.EIO:
                self.hang_up()
            return True  # it does not control jobs, so nobody else can be in the foreground
