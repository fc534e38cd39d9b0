#pragma GCC optimize("fp-contract=off")
#include "light.h"

#include <Arduino.h>

namespace board {

using imu_gesture::Colour;

static void put(pin_size_t pin, bool on) { digitalWrite(pin, on ? LOW : HIGH); }

void begin_light() {
  pinMode(LEDR, OUTPUT);
  pinMode(LEDG, OUTPUT);
  pinMode(LEDB, OUTPUT);
  show(Colour::kOff);
}

void show(Colour colour) {
  put(LEDR, colour == Colour::kRed || colour == Colour::kWhite);
  put(LEDG, colour == Colour::kGreen || colour == Colour::kWhite);
  put(LEDB, colour == Colour::kBlue || colour == Colour::kWhite);
}

}  // namespace board
