#pragma GCC optimize("fp-contract=off")
#include "identity.h"

#include <Arduino.h>
#include <nrf.h>
#include <string.h>

namespace board {

static uint8_t hex_digit(char c) {
  return static_cast<uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
}

imu_gesture::Hello identity(const Imu& imu, const char* model_id, int classes) {
  imu_gesture::Hello hello;
  hello.firmware[1] = 1;
  const ImuDescription& sensors = imu.description();
  hello.board_revision = sensors.revision;
  const uint32_t unique[2] = {NRF_FICR->DEVICEID[0], NRF_FICR->DEVICEID[1]};
  memcpy(hello.device_id, unique, sizeof hello.device_id);
  hello.sensors = imu_gesture::kStreamImu | imu_gesture::kStreamTemperature;
  if (sensors.mag_rate_hz > 0.0F) {
    hello.sensors |= imu_gesture::kStreamMag;
  }
  hello.acc_g_per_lsb = sensors.acc_g_per_lsb;
  hello.gyr_dps_per_lsb = sensors.gyr_dps_per_lsb;
  hello.mag_ut_per_lsb = sensors.mag_ut_per_lsb;
  hello.imu_rate_hz = sensors.rate_hz;
  hello.mag_rate_hz = sensors.mag_rate_hz;
  hello.classes = static_cast<uint8_t>(classes);
  for (int i = 0; i < imu_gesture::kIdBytes; ++i) {
    hello.model_id[i] =
        static_cast<uint8_t>((hex_digit(model_id[2 * i]) << 4) | hex_digit(model_id[2 * i + 1]));
  }
  return hello;
}

}  // namespace board
