// Ends a run in which a thread hangs. Every second a timer's interrupt looks whether all threads still
// say that they live, and only then feeds the chip's watchdog; else it resets the board. So a thread
// that hangs costs seconds, and processor or timer that hang cost a minute.
//
// The chip's watchdog cannot be stopped and goes on over a reset by software, so also in the bootloader,
// which does not feed it: a minute leaves time for an upload.
#pragma once

#include <stdint.h>

namespace board {

enum class Worker : uint8_t { kSampling, kThinking, kLinks };

// Call once, at the end of setup().
void start_watchdog();

void is_alive(Worker worker);

}  // namespace board
