#pragma GCC optimize("fp-contract=off")
#include "watchdog.h"

#include <drivers/LowPowerTicker.h>
#include <drivers/Watchdog.h>

#include "../core/liveness.h"
#include "boot.h"

namespace board {

namespace {

constexpr uint32_t kChipMs = 60000;     // Mbed allows 65 535
constexpr uint32_t kWorkerTicks = 8;    // seconds; the longest of their work takes 0.2
constexpr uint32_t kLinksTicks = 30;    // a radio out of reach blocks until the connection times out
constexpr std::chrono::microseconds kTick(1000000);

imu_gesture::Liveness<3> g_liveness;
mbed::LowPowerTicker g_ticker;

void look() {
  const int silent = g_liveness.tick();
  if (silent >= 0) {
    reset(silent);
  }
  mbed::Watchdog::get_instance().kick();
}

}  // namespace

void start_watchdog() {
  g_liveness.expect(static_cast<int>(Worker::kSampling), kWorkerTicks);
  g_liveness.expect(static_cast<int>(Worker::kThinking), kWorkerTicks);
  g_liveness.expect(static_cast<int>(Worker::kLinks), kLinksTicks);
  mbed::Watchdog::get_instance().start(kChipMs);
  g_ticker.attach(mbed::callback(look), kTick);
}

void is_alive(Worker worker) { g_liveness.beat(static_cast<int>(worker)); }

}  // namespace board
