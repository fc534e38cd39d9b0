// Why the board has started.
#pragma once

#include <stdint.h>

#include "../core/packet_types.h"

namespace board {

// Bits of NRF_POWER->RESETREAS; they add up until they are cleared (nRF52840 product specification,
// POWER). None of them: power-up, or a supply that broke down.
constexpr uint32_t kResetPin = 1U << 0;
constexpr uint32_t kResetDog = 1U << 1;
constexpr uint32_t kResetSoftware = 1U << 2;
constexpr uint32_t kResetLockup = 1U << 3;

// `hung`: we reset the board ourselves, because a thread did not answer. The pin comes first: bits
// beside it may be wrong (erratum 136).
inline imu_gesture::ResetCause reset_cause(uint32_t bits, bool hung) {
  if ((bits & kResetPin) != 0U) {
    return imu_gesture::ResetCause::kPin;
  }
  if ((bits & kResetDog) != 0U || ((bits & kResetSoftware) != 0U && hung)) {
    return imu_gesture::ResetCause::kWatchdog;
  }
  if ((bits & kResetLockup) != 0U) {
    return imu_gesture::ResetCause::kLockup;
  }
  if ((bits & kResetSoftware) != 0U) {
    return imu_gesture::ResetCause::kSoftware;
  }
  return bits == 0U ? imu_gesture::ResetCause::kPower : imu_gesture::ResetCause::kUnknown;
}

}  // namespace board
