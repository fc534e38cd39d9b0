// The board's coloured light. The yellow one shares its pin, D13, with the TinyML Shield's button.
#pragma once

#include "../core/indicator.h"

namespace board {

void begin_light();
void show(imu_gesture::Colour colour);

}  // namespace board
