"""Int8 inference on the host behind one seam, and what a .tflite file says of itself."""
