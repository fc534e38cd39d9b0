// What the links' thread does, which is the one that calls loop(). It alone may be blocked by a host or
// a radio.
#pragma once

#include <stdint.h>

#include "ble_link.h"
#include "usb_link.h"

namespace board {

class Linking {
 public:
  Linking(imu_gesture::Inbox* inbox, imu_gesture::Outbound* outbound) : port_(inbox, outbound) {}

  // Call once, in setup(), from the thread that will call step(). False when there is no radio.
  bool begin(const imu_gesture::Hello& identity);

  // Carries what there is and sleeps a little.
  void step();

  // From any thread.
  void doze(bool dozing) { __atomic_store_n(&dozing_, dozing, __ATOMIC_RELAXED); }
  uint32_t stack_free_bytes() const;  // at worst so far

 private:
  imu_gesture::LinkPort port_;
  UsbLink usb_;
  BleLink ble_;
  bool dozing_ = false;
  void* thread_ = nullptr;
};

}  // namespace board
