#pragma GCC optimize("fp-contract=off")
#include "linking.h"

#include <rtos/ThisThread.h>

#include "watchdog.h"

namespace board {

constexpr std::chrono::milliseconds kPause(2);
constexpr std::chrono::milliseconds kLongPause(20);

bool Linking::begin(const imu_gesture::Hello& identity) {
  thread_ = rtos::ThisThread::get_id();
  return ble_.begin(identity);
}

void Linking::step() {
  const bool dozing = __atomic_load_n(&dozing_, __ATOMIC_RELAXED);
  usb_.carry(&port_);
  ble_.carry(&port_, dozing);
  is_alive(Worker::kLinks);
  rtos::ThisThread::sleep_for(dozing ? kLongPause : kPause);
}

uint32_t Linking::stack_free_bytes() const { return osThreadGetStackSpace(thread_); }

}  // namespace board
