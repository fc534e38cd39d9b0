// What a board is told of itself at start-up.
#pragma once

#include <stdint.h>

#include "model_proof.h"
#include "packets.h"

namespace imu_gesture {

struct DeviceParams {
  Hello identity;                          // who this is; what varies is filled in when it is asked
  const char* const* labels = nullptr;     // identity.classes names
  uint32_t heartbeat_timeout_us = 3000000; // silence of the host that ends a stream
  uint32_t health_period_us = 1000000;
  const ModelProof* proof = nullptr;       // of the built-in model, for good; without one it is not tested
  uint8_t seed[kDigestBytes] = {};         // that nobody can guess, new after each start; see Authority
};

}  // namespace imu_gesture
