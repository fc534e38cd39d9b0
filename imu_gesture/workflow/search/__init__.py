"""Which architecture, window, front end and augmentation suit recordings and a board's budget."""
