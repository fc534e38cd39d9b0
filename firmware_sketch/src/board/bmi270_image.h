// The BMI270 computes nothing before Bosch's configuration image is in it. Arduino_BMI270_BMM150
// carries that image, and the function that loads it.
#pragma once

#include <stdint.h>

#include "imu_bus.h"

namespace board {

// Resets the chip and loads the image; false when the chip does not say that it runs. `cross_zx`: what the
// gyroscope's x picks up of its z, in 1/512.
bool load_bmi270_image(ImuBus* bus, int16_t* cross_zx);

}  // namespace board
