#pragma GCC optimize("fp-contract=off")
#include "sensing.h"

#include <rtos/ThisThread.h>

#include "watchdog.h"

namespace board {

// The LSM9DS1's FIFO holds 270 ms at 119 Hz, 33 ms at 952 Hz.
constexpr std::chrono::milliseconds kLook(8);
constexpr std::chrono::milliseconds kSlowLook(160);
constexpr float kFastHz = 150.0F;  // faster sensors are looked at often, even at rest

Sensing::Sensing(Imu* imu, SensorRing* ring)
    : imu_(imu), ring_(ring), thread_(osPriorityHigh, kSensingStackBytes, stack_, "sensing") {}

void Sensing::start(rtos::Thread* next) {
  next_ = next;
  thread_.start(mbed::callback(this, &Sensing::run));
}

void Sensing::run() {
  for (;;) {
    imu_->feed(ring_);
    __atomic_store_n(&problem_, imu_->problem(), __ATOMIC_RELAXED);
    next_->flags_set(1);
    is_alive(Worker::kSampling);
    const bool slow = __atomic_load_n(&dozing_, __ATOMIC_RELAXED) && imu_->description().rate_hz < kFastHz;
    rtos::ThisThread::sleep_for(slow ? kSlowLook : kLook);
  }
}

}  // namespace board
