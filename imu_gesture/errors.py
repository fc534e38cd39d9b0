"""What can go wrong, in a few kinds.

Every message says what was seen, where, and what to do next; the command line prints it as it is.
"""


class ImuGestureError(Exception):
    """Root of all errors meant for the user."""


class InputError(ImuGestureError):
    """An option or a file given by the user cannot be used."""


class RecordingError(ImuGestureError):
    """A recording cannot be read, or is not what it claims to be."""


class LinkError(ImuGestureError):
    """A board cannot be reached, or stopped answering."""


class BoardError(LinkError):
    """A board answers, but cannot be worked with; connecting again would not help."""


class DatasetError(ImuGestureError):
    """The recordings do not make a dataset that can be trusted."""


class TrainingError(ImuGestureError):
    """Training or conversion failed."""


class ModelError(ImuGestureError):
    """A model would not compute on the board what it computes here."""


class DeploymentError(ImuGestureError):
    """A sketch cannot be written or does not belong to the model."""


class CalibrationError(ImuGestureError):
    """A calibration is refused, or a profile cannot be used."""


class WindowError(ImuGestureError):
    """There is no display here, or a package that draws is missing."""
