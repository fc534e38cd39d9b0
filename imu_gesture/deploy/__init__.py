"""From a trained model to a sketch that computes, on the board, what was measured here."""
