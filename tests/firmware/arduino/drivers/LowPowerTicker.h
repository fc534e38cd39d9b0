// A timer whose function is called from an interrupt, declared as Mbed OS does.
#pragma once

#include <chrono>

#include "../platform/Callback.h"

namespace mbed {

class TickerBase {
 public:
  void attach(Callback<void()> func, std::chrono::microseconds t);
};

class LowPowerTicker : public TickerBase {};

}  // namespace mbed
