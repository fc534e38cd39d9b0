// The TinyML Shield's button, on D13 to ground. On that pin is also the board's yellow LED, which would
// pull a weak pull-up down: so the pin is driven high and read back while it is, as Arduino's own
// library for the shield does it. Without the shield nobody ever pulls it down.
#pragma once

namespace board {

void begin_shield_button();
bool shield_button_is_down();

}  // namespace board
