#pragma GCC optimize("fp-contract=off")
#include <Arduino.h>
#include <Arduino_BMI270_BMM150.h>

#include "imu.h"

namespace board {

// As Arduino_BMI270_BMM150 scales counts, and as the datasheet (BMI270, tables 2 and 3) has it.
constexpr float kAccPerLsb = 1.0F / 8192.0F;
constexpr float kGyrPerLsb = 1.0F / 16.384F;

bool bmi270_begin() { return IMU_BMI270_BMM150.begin(BOSCH_ACCELEROMETER_ONLY) != 0; }

ImuScale bmi270_scale() { return {kAccPerLsb, kGyrPerLsb, 99.84F}; }

bool bmi270_read(imu_gesture::RawSample* sample) {
  if (IMU_BMI270_BMM150.accelerationAvailable() == 0) {
    return false;
  }
  sample->device_time_us = micros();
  float acc[imu_gesture::kAxes];
  float gyr[imu_gesture::kAxes];
  if (IMU_BMI270_BMM150.readAcceleration(acc[0], acc[1], acc[2]) == 0 ||
      IMU_BMI270_BMM150.readGyroscope(gyr[0], gyr[1], gyr[2]) == 0) {
    return false;
  }
  for (int axis = 0; axis < imu_gesture::kAxes; ++axis) {
    sample->counts[axis] = count_of(acc[axis], kAccPerLsb);
    sample->counts[imu_gesture::kAxes + axis] = count_of(gyr[axis], kGyrPerLsb);
  }
  return true;
}

}  // namespace board
