// The inertial sensors of either board revision behind one interface: counts in the board's frame
// (axis_map.h), each sample with its time, and their scale.
#pragma once

#include "bmi270.h"
#include "imu_bus.h"
#include "imu_chip.h"
#include "imu_settings.h"
#include "lsm9ds1.h"

namespace board {

class Imu {
 public:
  explicit Imu(ImuBus* bus) : bus_(bus), lsm9ds1_(bus), bmi270_(bus) {}

  // Finds out which chip is there and starts it.
  ImuError begin(const ImuSettings& settings);

  // Hands the device what the sensors have, as it comes: lost samples, samples, magnetic readings
  // and, once a second, the temperature. It ends, however slow the bus. A chip that falls silent is
  // started anew.
  template <typename Device>
  void feed(Device* device) {
    if (chip_ == nullptr) {
      return;
    }
    imu_gesture::RawSample sample;
    for (int i = 0; i < kMostAtOnce && chip_->read(&sample); ++i) {
      heard();
      const uint32_t lost = chip_->take_lost();
      if (lost > 0U) {
        device->lose(lost);
      }
      device->take(sample);
    }
    imu_gesture::RawMagSample mag;
    if (chip_->read_mag(&mag)) {
      device->take(mag);
    }
    int16_t centi_c = 0;
    if (temperature_is_due() && chip_->read_temperature(&centi_c)) {
      device->take_temperature(bus_->now_us(), centi_c);
    }
    watch();
  }

  // What is wrong, in words for people; null while samples come, or may soon come again.
  const char* problem() const;

  const ImuDescription& description() const { return description_; }
  float measured_rate_hz() const { return chip_ == nullptr ? 0.0F : chip_->measured_rate_hz(); }
  uint32_t restarts() const { return restarts_; }

 private:
  static constexpr int kMostAtOnce = 200;  // more than a chip holds

  void heard();
  void watch();
  bool temperature_is_due();

  ImuBus* bus_;
  Lsm9ds1 lsm9ds1_;
  Bmi270 bmi270_;
  ImuChip* chip_ = nullptr;  // the one that answered
  ImuSettings settings_ = {};
  ImuDescription description_;
  ImuError error_ = ImuError::kNoAnswer;
  uint32_t heard_us_ = 0;
  uint32_t restarted_us_ = 0;
  uint32_t restarts_ = 0;
  uint32_t in_vain_ = 0;  // of those, since the last sample
  uint32_t temperature_us_ = 0;
};

}  // namespace board
