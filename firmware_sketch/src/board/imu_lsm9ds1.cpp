#pragma GCC optimize("fp-contract=off")
#include <Arduino.h>
#include <Arduino_LSM9DS1.h>

#include "imu.h"

namespace board {

// The library scales the gyroscope by 2000/32768; the datasheet (LSM9DS1, table 3) says
// 70 mdps/LSB at +-2000 dps. Uncorrected, every rate would read 12.8 % low.
constexpr float kGyrCorrection = 0.070F * 32768.0F / 2000.0F;

bool lsm9ds1_begin() { return IMU_LSM9DS1.begin() != 0; }

bool lsm9ds1_read(imu_gesture::ImuSample* sample) {
  if (IMU_LSM9DS1.accelerationAvailable() == 0 || IMU_LSM9DS1.gyroscopeAvailable() == 0) {
    return false;
  }
  sample->device_time_us = micros();
  float* acc = sample->acc_g;
  float* gyr = sample->gyr_dps;
  const bool read = IMU_LSM9DS1.readAcceleration(acc[0], acc[1], acc[2]) != 0 &&
                    IMU_LSM9DS1.readGyroscope(gyr[0], gyr[1], gyr[2]) != 0;
  for (int axis = 0; axis < imu_gesture::kAxes; ++axis) {
    gyr[axis] *= kGyrCorrection;
  }
  return read;
}

}  // namespace board
