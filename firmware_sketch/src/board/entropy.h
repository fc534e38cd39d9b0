// Numbers that nobody can guess, from the chip's noise.
#pragma once

#include <stdint.h>

namespace board {

// Call in setup(), before Bluetooth starts and takes the generator for itself. Takes about 4 ms for 32 bytes.
void fill_with_entropy(uint8_t* bytes, int size);

}  // namespace board
