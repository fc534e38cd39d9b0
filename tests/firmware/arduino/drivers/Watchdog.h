// The chip's watchdog, declared as Mbed OS does.
#pragma once

#include <stdint.h>

namespace mbed {

class Watchdog {
 public:
  static Watchdog& get_instance() {
    static Watchdog instance;
    return instance;
  }
  bool start(uint32_t timeout);
  void kick();

 private:
  Watchdog() {}
};

}  // namespace mbed
