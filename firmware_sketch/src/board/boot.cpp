#pragma GCC optimize("fp-contract=off")
#include "boot.h"

#include <nrf.h>

#include "reset_cause.h"

namespace board {

namespace {

constexpr uint32_t kHung = 0x48554E00U;  // the low byte is the thread

struct Retained {
  imu_gesture::BootRecord boot;
  uint32_t hung = 0;
};

// The lowest words of the interrupt stack's kilobyte, at the top of the RAM. arduino:mbed_nano's
// .noinit will not do: it lies in the first 40 KB, which the bootloader uses after every reset.
// Initial values are not loaded there.
__attribute__((section(".stack.retained"))) Retained g_retained;
int g_hung_thread = -1;

}  // namespace

imu_gesture::BootRecord* boot_record() { return &g_retained.boot; }

int hung_thread() { return g_hung_thread; }

imu_gesture::ResetCause take_reset_cause() {
  const uint32_t bits = NRF_POWER->RESETREAS;
  NRF_POWER->RESETREAS = bits;  // ones clear
  const bool hung = (g_retained.hung & 0xFFFFFF00U) == kHung;
  const imu_gesture::ResetCause cause = reset_cause(bits, hung);
  g_hung_thread = hung && cause == imu_gesture::ResetCause::kWatchdog ? static_cast<int>(g_retained.hung & 0xFFU) : -1;
  g_retained.hung = 0;
  return cause;
}

void reset(int thread) {
  g_retained.hung = thread < 0 ? 0U : kHung | static_cast<uint32_t>(thread);
  NVIC_SystemReset();
}

}  // namespace board
