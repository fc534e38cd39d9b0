#pragma GCC optimize("fp-contract=off")
#include "entropy.h"

#include <nrf.h>

namespace board {

// nRF52840 product specification, RNG: a byte every 120 us with the bias corrected.
void fill_with_entropy(uint8_t* bytes, int size) {
  NRF_RNG->CONFIG = 1;
  NRF_RNG->TASKS_START = 1;
  for (int i = 0; i < size; ++i) {
    NRF_RNG->EVENTS_VALRDY = 0;
    while (NRF_RNG->EVENTS_VALRDY == 0U) {
    }
    bytes[i] = static_cast<uint8_t>(NRF_RNG->VALUE);
  }
  NRF_RNG->TASKS_STOP = 1;
}

}  // namespace board
