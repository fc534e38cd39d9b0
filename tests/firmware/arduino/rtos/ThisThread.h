// The running thread, declared as Mbed OS does.
#pragma once

#include <chrono>
#include <ratio>

#include "mbed_rtos_types.h"

namespace rtos {

namespace Kernel {
struct Clock {
  typedef std::chrono::duration<uint32_t, std::milli> duration_u32;
};
}  // namespace Kernel

namespace ThisThread {
uint32_t flags_wait_any_for(uint32_t flags, Kernel::Clock::duration_u32 rel_time, bool clear = true);
void sleep_for(Kernel::Clock::duration_u32 rel_time);
osThreadId_t get_id();
}  // namespace ThisThread

}  // namespace rtos
