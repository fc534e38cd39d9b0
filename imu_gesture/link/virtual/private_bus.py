"""A D-Bus message bus of our own, beside the system's: for a virtual Bluetooth service."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from imu_gesture.errors import LinkError

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="false"/>
    <allow receive_sender="*" eavesdrop="false"/>
  </policy>
</busconfig>
"""

_END_S = 2.0


class PrivateBus:
    """Runs dbus-daemon; programs whose DBUS_SYSTEM_BUS_ADDRESS is `address` take it for real."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="imu-gesture-bus-")
        socket = Path(self._folder.name) / "socket"
        self.address = f"unix:path={socket}"
        self._config = Path(self._folder.name) / "bus.conf"
        self._config.write_text(_CONFIG.format(socket=socket), encoding="utf-8")
        self._daemon: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        program = shutil.which("dbus-daemon")
        if program is None:
            raise LinkError(
                "dbus-daemon is not installed, which carries a virtual board's Bluetooth; "
                "`sudo apt install dbus`"
            )
        options = ["--nofork", "--nopidfile", "--print-address"]
        self._daemon = subprocess.Popen(
            [program, f"--config-file={self._config}", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it complains of limits that it does not need
            text=True,
            start_new_session=True,  # Ctrl-C is for us, who then end it
        )
        if self._daemon.stdout is None or not self._daemon.stdout.readline():  # when it is ready
            raise LinkError(f"dbus-daemon does not start with {self._config}")
        return self

    def __exit__(self, *error: object) -> None:
        if self._daemon is not None:
            self._daemon.terminate()
            try:
                self._daemon.wait(_END_S)
            except subprocess.TimeoutExpired:
                self._daemon.kill()
                self._daemon.wait()
            if self._daemon.stdout is not None:
                self._daemon.stdout.close()
        self._folder.cleanup()
