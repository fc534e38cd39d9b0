"""Programs that compile a sketch and put it on a board: arduino-cli, PlatformIO."""
