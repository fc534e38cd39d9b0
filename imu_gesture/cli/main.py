"""The command `imu-gesture`."""

from __future__ import annotations

import sys

import click

from imu_gesture import __version__
from imu_gesture.cli.calibrate import calibrate
from imu_gesture.cli.characterise import characterise
from imu_gesture.cli.demo import demo
from imu_gesture.cli.deploy import deploy
from imu_gesture.cli.devices import devices
from imu_gesture.cli.doctor import doctor
from imu_gesture.cli.evaluating import evaluate
from imu_gesture.cli.exporting import export
from imu_gesture.cli.import_model import import_model
from imu_gesture.cli.importing import import_
from imu_gesture.cli.inspect import inspect
from imu_gesture.cli.live import live
from imu_gesture.cli.mount import mount
from imu_gesture.cli.pair import pair
from imu_gesture.cli.pretrain import pretrain
from imu_gesture.cli.record import record
from imu_gesture.cli.search import search
from imu_gesture.cli.teach import teach
from imu_gesture.cli.train import train
from imu_gesture.cli.update import update
from imu_gesture.cli.verify import verify
from imu_gesture.cli.virtual_board import virtual_board
from imu_gesture.errors import ImuGestureError

_INTERRUPTED = 130  # as a shell reports SIGINT


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="imu-gesture")
def cli() -> None:
    """Teach an Arduino Nano 33 BLE Sense to recognise gestures.

    Without a board: `imu-gesture demo` runs the whole loop on a virtual one.
    """


for command in (
    demo,
    calibrate,
    characterise,
    mount,
    doctor,
    devices,
    record,
    import_,
    export,
    inspect,
    train,
    search,
    import_model,
    pretrain,
    teach,
    evaluate,
    deploy,
    pair,
    update,
    verify,
    live,
    virtual_board,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; errors meant for the user are printed without a traceback."""
    try:
        cli(prog_name="imu-gesture", standalone_mode=False)
    except ImuGestureError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"error: {error.filename or 'the system'}: {error.strerror or error}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped", err=True)
        sys.exit(_INTERRUPTED)
