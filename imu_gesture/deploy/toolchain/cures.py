"""What tools say when something is in the way, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

_BOOTLOADER = (
    "press its reset button twice quickly, so that the orange light pulses: it waits for a sketch "
    "then, mostly at a port of another name; `imu-gesture devices` lists it, then `imu-gesture "
    "deploy --port NEWPORT`"
)
_BUSY = (
    "another program has the port open; close the Arduino IDE's serial monitor, or another "
    "imu-gesture"
)
_ONCE = "the core and the libraries that the sketch pins are downloaded once, and then kept"


class Cure(NamedTuple):
    """`pattern`: of what a tool says. `text`: for users, by `sys.platform`; "" for all others."""

    pattern: str
    text: dict[str, str]

    def on(self, system: str) -> str:
        """What to do on this system."""
        return self.text.get(system, self.text[""])


def _everywhere(pattern: str, text: str) -> Cure:
    return Cure(pattern, {"": text})


# In this order; the first that is found is told. For bossac there is no device, whatever the
# reason: it comes last.
CURES = (
    Cure(
        r"(?i)\b(port|tty|com\d|\d+bps)\b.*(permission|access is) denied|permission denied.*\btty",
        {
            "": (
                "this user may not open the port; sudo usermod -aG dialout $USER (on Arch: uucp), "
                "log out and in again; or a udev rule, in /etc/udev/rules.d/60-arduino-mbed.rules: "
                'SUBSYSTEMS=="usb", ATTRS{idVendor}=="2341", MODE:="0666", then sudo udevadm '
                "control --reload-rules, and plug the board in again"
            ),
            "darwin": (
                "macOS lets every user open serial ports, so something else forbids it: allow the "
                "accessory (System Settings, Privacy & Security), take the port that begins with "
                "/dev/cu., and run imu-gesture in a terminal that may use it"
            ),
            "win32": f"Windows says so where {_BUSY}; then plug the board in again",
        },
    ),
    _everywhere(r"[Rr]esource busy|[Pp]ort (is )?busy", _BUSY),
    _everywhere(
        r"no such file or directory.*(tty|COM\d)|port not found|Serial port .* not found|"
        r"cannot open (port|device)",
        "there is no such port; `imu-gesture devices` lists those that are there",
    ),
    _everywhere(
        r"no space left on device|not enough space on the disk",
        "the disk is full; arduino-cli and a build take about 2 GB; make room (`arduino-cli cache "
        "clean` helps), and deploy again",
    ),
    _everywhere(
        r"x509: |certificate (signed by unknown|verify failed|has expired)",
        "the server's certificate is not believed: is the clock right? A company's proxy that "
        "looks into connections needs its own certificate installed in this system",
    ),
    _everywhere(
        r"(server returned|[Rr]esponded with:?) (401|403|407|429|451)|\b403 Forbidden",
        "Arduino's server refuses this computer: mostly a proxy, a firewall, or a network that it "
        "does not serve; try another network, or `arduino-cli config set network.proxy URL`; "
        + _ONCE,
    ),
    _everywhere(
        r"i/o timeout|context deadline exceeded|Client\.Timeout|TLS handshake timeout|"
        r"(?i:connection|read|operation) timed out",
        "a download has taken too long; deploy again, it goes on where it was; on a slow network, "
        "`arduino-cli config set network.connection_timeout 600s` first",
    ),
    _everywhere(
        r"dial tcp|no such host|[Tt]emporary failure in name resolution|network is unreachable|"
        r"connection re(fused|set)|HTTPClientError|not connected to the Internet",
        "there is no network, and something must be downloaded; connect, and deploy again; "
        + _ONCE,
    ),
    _everywhere(
        r"(testing|checking) local archive integrity|[Cc]hecksum.* (differ|mismatch)|"
        r"fetched archive size differs|unexpected EOF",
        "a download was damaged; `arduino-cli cache clean`, and deploy again",
    ),
    _everywhere(
        r"[Pp]latform '?[\w:.@() ]+'? (is )?not (installed|found)|platform not installed|"
        r"loading required (platform|tool)",
        "the core that the sketch pins was not downloaded; connect this computer, and deploy "
        "again, at last after `arduino-cli cache clean` (`arduino-cli core install` does not help: "
        "a profile has a place of its own for its core)",
    ),
    _everywhere(
        r"[Ll]ibrary '?[\w ()@.]+'? not (found|installed)|Library install failed|"
        r"fatal error: (ArduinoBLE|Arduino_BMI270_BMM150|Chirale_TensorFlowLite|"
        r"tensorflow/[\w/]+)\.h: No such file",
        "a library is missing; arduino-cli lib update-index, then deploy again: sketch.yaml "
        "names all of them",
    ),
    _everywhere(
        r"(Profile|profile) '?nano33ble'? not found|[Ii]nvalid profile|Unknown FQBN|Invalid FQBN",
        "the sketch's sketch.yaml is not the one that was written; `imu-gesture deploy --force` "
        "writes it anew",
    ),
    _everywhere(
        r"Compiled sketch not found|Error finding build artifacts",
        "what was compiled is gone from arduino-cli's cache; deploy again",
    ),
    _everywhere(
        r"will not fit in region|region .* overflowed|Sketch too big|[Nn]ot enough memory|"
        r"section exceeds available space",
        "the sketch is larger than the board; train a smaller model (--architecture small)",
    ),
    _everywhere(
        r"SAM-BA operation failed|Flash (erase|command) failed|Verify failed",
        f"the board broke off while it was written; {_BOOTLOADER}. Where that happens again: "
        "another cable, no hub",
    ),
    _everywhere(
        r"Device unsupported",
        "another kind of board answers at this port; `imu-gesture devices` lists the right ones",
    ),
    Cure(
        r"No device found on|No (new )?upload port (found|detected)",
        {
            "": f"the board did not go into its bootloader; {_BOOTLOADER}",
            "linux": (
                f"the board did not go into its bootloader; {_BOOTLOADER}. ModemManager may have "
                "taken the port, too: sudo systemctl stop ModemManager"
            ),
        },
    ),
)

# arduino-cli internal/cli/feedback/errorcodes.go; for what no cure above was found.
EXIT_CODES = {
    5: "a network error; connect, and deploy again",
    6: "arduino-cli's own configuration is damaged; `arduino-cli config init --overwrite`",
    7: "this arduino-cli does not know what it was asked; update it",
    10: "arduino-cli cannot use its data folder (`arduino-cli config dump`); may it write there?",
}
