#pragma GCC optimize("fp-contract=off")
#include <Arduino.h>
#include <Arduino_LSM9DS1.h>

#include "imu.h"

namespace board {

// As Arduino_LSM9DS1 scales counts. Its gyroscope scale is wrong: the datasheet (LSM9DS1, table 3)
// says 70 mdps/LSB at +-2000 dps, and every rate of the library reads 12.8 % low.
constexpr float kLibraryAccPerLsb = 4.0F / 32768.0F;
constexpr float kLibraryGyrPerLsb = 2000.0F / 32768.0F;

bool lsm9ds1_begin() { return IMU_LSM9DS1.begin() != 0; }

ImuScale lsm9ds1_scale() { return {0.000122F, 0.070F, 119.0F}; }

bool lsm9ds1_read(imu_gesture::RawSample* sample) {
  if (IMU_LSM9DS1.accelerationAvailable() == 0 || IMU_LSM9DS1.gyroscopeAvailable() == 0) {
    return false;
  }
  sample->device_time_us = micros();
  float acc[imu_gesture::kAxes];
  float gyr[imu_gesture::kAxes];
  if (IMU_LSM9DS1.readAcceleration(acc[0], acc[1], acc[2]) == 0 ||
      IMU_LSM9DS1.readGyroscope(gyr[0], gyr[1], gyr[2]) == 0) {
    return false;
  }
  for (int axis = 0; axis < imu_gesture::kAxes; ++axis) {
    sample->counts[axis] = count_of(acc[axis], kLibraryAccPerLsb);
    sample->counts[imu_gesture::kAxes + axis] = count_of(gyr[axis], kLibraryGyrPerLsb);
  }
  return true;
}

}  // namespace board
