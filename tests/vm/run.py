"""Starts a Linux guest with the real bluetoothd and lets `guest.py` run there; see README.md."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PACKAGES = ("bluez", "busybox-static")
MODULES = (
    *("virtio_pci", "9pnet_virtio", "9p", "overlay", "algif_hash", "algif_skcipher"),
    *("cmac", "ecb", "aes_generic", "ecdh_generic", "hci_vhci"),
)
TIMEOUT_S = 600
WORKED = "everything worked"


def main() -> int:
    """Exit code 0 when everything worked in the guest."""
    if shutil.which("qemu-system-x86_64") is None:
        sys.exit("qemu-system-x86_64 is missing: sudo apt install qemu-system-x86")
    with TemporaryDirectory(prefix="imu-gesture-vm-", dir="/var/tmp") as name:
        packages = unpack(Path(name))
        return 0 if boot(packages, initramfs(Path(name), packages)) else 1


def unpack(folder: Path) -> Path:
    """Debian's kernel, BlueZ and busybox in a folder; nothing is installed."""
    kernel = subprocess.check_output(["apt-cache", "depends", "linux-image-amd64"], text=True)
    found = re.search(r"Depends: (linux-image-[0-9]\S+)", kernel)
    if found is None:
        sys.exit("apt does not know Debian's kernel: sudo apt update")
    subprocess.run(["apt-get", "download", "-qq", found[1], *PACKAGES], cwd=folder, check=True)
    for archive in folder.glob("*.deb"):
        subprocess.run(["dpkg", "-x", archive, folder / "packages"], check=True)
    return folder / "packages"


def initramfs(folder: Path, packages: Path) -> Path:
    """A first root with what it takes to mount this machine's own."""
    tree = folder / "initramfs"
    for part in ("bin", "modules", "lower", "upper", "root", "proc"):
        (tree / part).mkdir(parents=True)
    busybox = shutil.copy(packages / "bin" / "busybox", tree / "bin")
    shutil.copy(HERE / "init.sh", tree / "init")
    (tree / "init").chmod(0o755)
    order = [path.name for path in copy_modules(packages, tree / "modules")]
    (tree / "modules" / "order").write_text("\n".join(order) + "\n", encoding="utf-8")
    names = subprocess.check_output(["find", "."], cwd=tree)
    pack = [busybox, "cpio", "-o", "-H", "newc"]
    image = folder / "initramfs.cpio"
    image.write_bytes(subprocess.check_output(pack, cwd=tree, input=names))
    return image


def copy_modules(packages: Path, target: Path) -> Iterator[Path]:
    """Each after those it needs; what is no module is part of the kernel."""
    there = {path.stem.replace("-", "_"): path for path in packages.glob("lib/modules/**/*.ko")}
    done: set[str] = set()

    def copy(name: str) -> Iterator[Path]:
        if name in done or name not in there:
            return
        done.add(name)
        needs = re.search(rb"\0depends=([^\0]*)", there[name].read_bytes())
        for need in needs[1].decode().split(",") if needs else ():
            yield from copy(need.replace("-", "_"))
        yield Path(shutil.copy(there[name], target))

    for name in MODULES:
        yield from copy(name)


def boot(packages: Path, image: Path) -> bool:
    """Run the guest to its end, its console on ours; whether everything worked."""
    kernel = next(packages.glob("boot/vmlinuz-*"))
    share = "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"
    words = f"guest.python={sys.executable} guest.root={ROOT} guest.packages={packages}"
    command = [
        *("qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-nodefaults"),
        *("-no-reboot", "-nographic", "-serial", "stdio", "-virtfs", share),
        *("-kernel", str(kernel), "-initrd", str(image)),
        *("-append", f"console=ttyS0 quiet panic=-1 {words}"),
    ]
    worked = False
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, text=True) as guest:
        killer = threading.Timer(TIMEOUT_S, guest.kill)
        killer.start()
        for line in guest.stdout or ():
            sys.stdout.write(line)
            worked = worked or WORKED in line
        killer.cancel()
    return worked


if __name__ == "__main__":
    sys.exit(main())
