#pragma GCC optimize("fp-contract=off")
#include <Arduino.h>
#include <Arduino_BMI270_BMM150.h>

#include "imu.h"

namespace board {

bool bmi270_begin() { return IMU_BMI270_BMM150.begin(BOSCH_ACCELEROMETER_ONLY) != 0; }

bool bmi270_read(imu_gesture::ImuSample* sample) {
  if (IMU_BMI270_BMM150.accelerationAvailable() == 0) {
    return false;
  }
  sample->device_time_us = micros();
  float* acc = sample->acc_g;
  float* gyr = sample->gyr_dps;
  return IMU_BMI270_BMM150.readAcceleration(acc[0], acc[1], acc[2]) != 0 &&
         IMU_BMI270_BMM150.readGyroscope(gyr[0], gyr[1], gyr[2]) != 0;
}

}  // namespace board
