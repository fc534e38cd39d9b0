// The thread that reads the sensors. Nothing stops it: it has the highest priority and waits for nobody.
#pragma once

#include <rtos/Thread.h>
#include <stdint.h>

#include "../core/sensor_queue.h"
#include "imu.h"

namespace board {

// What it needs is known from a run on a computer, whose frames are larger.
constexpr uint32_t kSensingStackBytes = 2048;
// Half a second of inertial and magnetic samples at 119 Hz; a page of flash is erased in 0.085 s.
using SensorRing = imu_gesture::SensorQueue<64>;

class Sensing {
 public:
  Sensing(Imu* imu, SensorRing* ring);

  // `next`: woken when there is something in the ring.
  void start(rtos::Thread* next);

  // From any thread.
  void doze(bool dozing) { __atomic_store_n(&dozing_, dozing, __ATOMIC_RELAXED); }
  const char* problem() const { return __atomic_load_n(&problem_, __ATOMIC_RELAXED); }
  const rtos::Thread& thread() const { return thread_; }

 private:
  void run();

  Imu* imu_;
  SensorRing* ring_;
  rtos::Thread* next_ = nullptr;
  bool dozing_ = false;
  const char* problem_ = nullptr;
  alignas(8) unsigned char stack_[kSensingStackBytes];
  rtos::Thread thread_;
};

}  // namespace board
