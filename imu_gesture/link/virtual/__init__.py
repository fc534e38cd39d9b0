"""Virtual boards, and what serves them: in process, on a pseudo-terminal, with Bluetooth."""
