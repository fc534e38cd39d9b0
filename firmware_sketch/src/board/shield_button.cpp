#pragma GCC optimize("fp-contract=off")
#include "shield_button.h"

#include <Arduino.h>
#include <hal/nrf_gpio.h>

namespace board {

void begin_shield_button() {
  pinMode(D13, OUTPUT);
  digitalWrite(D13, HIGH);
  nrf_gpio_cfg(static_cast<uint32_t>(digitalPinToPinName(D13)), NRF_GPIO_PIN_DIR_OUTPUT, NRF_GPIO_PIN_INPUT_CONNECT,
               NRF_GPIO_PIN_PULLUP, NRF_GPIO_PIN_S0S1, NRF_GPIO_PIN_NOSENSE);
}

bool shield_button_is_down() {
  return nrf_gpio_pin_read(static_cast<uint32_t>(digitalPinToPinName(D13))) == 0U;
}

}  // namespace board
