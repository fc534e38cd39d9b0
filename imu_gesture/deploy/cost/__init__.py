"""What a program takes on the board: instructions, time, bytes. Nothing was measured on a board."""
