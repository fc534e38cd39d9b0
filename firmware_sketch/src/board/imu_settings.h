// What the inertial sensors are set to, and what they say of themselves.
#pragma once

#include <stdint.h>

namespace board {

// LSM9DS1: 119, 238, 476, 952 Hz. BMI270: 100, 200, 400, 800 Hz.
enum class ImuRate : uint8_t { k119Hz, k238Hz, k476Hz, k952Hz };
enum class AccRange : uint8_t { k2g, k4g, k8g, k16g };
enum class GyrRange : uint8_t { k245dps, k500dps, k2000dps };  // BMI270: 250, 500, 2000

// A sketch's own are in model/sensor_settings.h; the usual ones are the virtual boards', too
// (imu_gesture/simulation/chips.py).
struct ImuSettings {
  ImuRate rate;
  AccRange acc;
  GyrRange gyr;
};

struct ImuDescription {
  uint8_t revision = 0;  // of the board; 1: LSM9DS1; 2: BMI270 and BMM150
  float acc_g_per_lsb = 0.0F;
  float gyr_dps_per_lsb = 0.0F;
  float mag_ut_per_lsb = 0.0F;
  float rate_hz = 0.0F;      // nominal
  float mag_rate_hz = 0.0F;  // nominal; 0 when no magnetometer answers
};

enum class ImuError : uint8_t { kNone, kNoAnswer, kOtherChip, kNoImage, kSettings };

inline const char* text_of(ImuError error) {
  switch (error) {
    case ImuError::kNoAnswer:
      return "no IMU answers on the internal I2C bus";
    case ImuError::kOtherChip:
      return "an unknown chip answers in the IMU's place";
    case ImuError::kNoImage:
      return "the BMI270 does not accept its configuration image";
    case ImuError::kSettings:
      return "the IMU does not keep its settings";
    case ImuError::kNone:
      break;
  }
  return nullptr;
}

}  // namespace board
