"""Models that were made elsewhere, brought into the form that the board runs."""
