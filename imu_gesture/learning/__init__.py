"""Training with TensorFlow, honest evaluation, int8 conversion. The only package that loads it."""
