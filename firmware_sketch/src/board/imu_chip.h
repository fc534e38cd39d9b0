// What every inertial sensor can do.
#pragma once

#include "../core/raw_sample.h"
#include "imu_settings.h"

namespace board {

constexpr uint32_t kMagLookUs = 5000;  // a magnetometer is asked no more often

class ImuChip {
 public:
  // Resets the chip, whatever state it is in, and starts it.
  virtual ImuError begin(const ImuSettings& settings) = 0;

  // Takes the next sample in the board's frame; false when there is none, or the bus fails.
  virtual bool read(imu_gesture::RawSample* sample) = 0;
  virtual bool read_mag(imu_gesture::RawMagSample* sample) = 0;
  virtual bool read_temperature(int16_t* centi_c) = 0;

  // Samples overwritten in the chip since the last call. Call after each successful read(): they
  // came before that sample.
  virtual uint32_t take_lost() = 0;

  virtual const ImuDescription& description() const = 0;
  virtual float measured_rate_hz() const = 0;

 protected:
  ~ImuChip() = default;
};

}  // namespace board
