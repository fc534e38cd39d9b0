// Who this board is, for the protocol's Hello.
#pragma once

#include "../core/packets.h"
#include "imu.h"

namespace board {

// `model_id`: 16 hexadecimal digits.
imu_gesture::Hello identity(const Imu& imu, const char* model_id, int classes);

}  // namespace board
