// The LSM9DS1 of the Nano 33 BLE Sense (Rev1), by register.
#pragma once

#include "axis_map.h"
#include "imu_bus.h"
#include "imu_chip.h"
#include "lsm9ds1_registers.h"
#include "sample_clock.h"

namespace board {

// The datasheet (figure 1) draws the accelerometer's and gyroscope's x against the magnetometer's,
// so those two frames are left-handed. What is turned round here is that one axis.
constexpr AxisMap kLsm9ds1AccGyr = {{0, 1, 2}, {-1, 1, 1}};
constexpr AxisMap kLsm9ds1Mag = {{0, 1, 2}, {1, 1, 1}};

class Lsm9ds1 final : public ImuChip {
 public:
  explicit Lsm9ds1(ImuBus* bus) : bus_(bus) {}

  ImuError begin(const ImuSettings& settings) override;
  bool read(imu_gesture::RawSample* sample) override;
  bool read_mag(imu_gesture::RawMagSample* sample) override;
  bool read_temperature(int16_t* centi_c) override;
  uint32_t take_lost() override;
  const ImuDescription& description() const override { return description_; }
  float measured_rate_hz() const override { return clock_.rate_hz(); }

 private:
  bool reset();
  bool start_acc_gyr(const ImuSettings& settings);
  bool start_mag();
  bool start_fifo();
  void resync();
  bool look();

  ImuBus* bus_;
  ImuDescription description_;
  SampleClock clock_;
  SampleClock mag_clock_;
  uint32_t mag_looked_us_ = 0;
  uint32_t lost_ = 0;
  uint32_t unread_ = 0;  // of the last look
  bool in_step_ = false;
};

}  // namespace board
