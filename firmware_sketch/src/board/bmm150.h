// The BMM150, magnetometer of the Nano 33 BLE Sense Rev2, by register. Tables and sections are
// those of datasheet BST-BMM150-DS001-01.
#pragma once

#include "../core/raw_sample.h"
#include "axis_map.h"
#include "imu_bus.h"
#include "sample_clock.h"

namespace board {

// The chip reads the field with the opposite sign along its axes, of which y and z lie against the
// BMI270's: together one axis of its reading is mirrored.
constexpr AxisMap kBmm150 = {{1, 0, 2}, {1, 1, 1}};

// Factory trim, by its names in Bosch's sensor API.
struct Bmm150Trim {
  int8_t x1, y1, x2, y2;
  uint16_t z1;
  int16_t z2, z3, z4;
  uint8_t xy1;
  int8_t xy2;
  uint16_t xyz1;
};

struct Bmm150Raw {
  int16_t x, y, z;
  uint16_t hall;
};

// Counts of 1/16 uT on the chip's axes; false when an axis overflowed or the trim makes no sense.
// The formulas are Bosch's (BMM150 sensor API v2.0, integer form), without its steps of 1 uT.
bool compensate(const Bmm150Trim& trim, const Bmm150Raw& raw, int16_t* counts);

class Bmm150 {
 public:
  static constexpr float kUtPerLsb = 1.0F / 16.0F;
  static constexpr float kRateHz = 10.0F;

  explicit Bmm150(ImuBus* bus) : bus_(bus) {}

  bool begin();
  // A new reading in the board's frame; false when there is none.
  bool read(imu_gesture::RawMagSample* sample);

 private:
  bool read_trim();

  ImuBus* bus_;
  Bmm150Trim trim_ = {};
  SampleClock clock_;
  uint32_t looked_us_ = 0;
};

}  // namespace board
