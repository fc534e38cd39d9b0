// The BMI270 and BMM150 of the Nano 33 BLE Sense Rev2, by register once Bosch's image is loaded.
#pragma once

#include "axis_map.h"
#include "bmi270_registers.h"
#include "bmm150.h"
#include "imu_bus.h"
#include "imu_chip.h"
#include "sample_clock.h"

namespace board {

// Turned by a quarter about z on the board.
constexpr AxisMap kBmi270 = {{1, 0, 2}, {1, -1, 1}};

class Bmi270 final : public ImuChip {
 public:
  explicit Bmi270(ImuBus* bus) : bus_(bus), mag_(bus) {}

  ImuError begin(const ImuSettings& settings) override;
  bool read(imu_gesture::RawSample* sample) override;
  bool read_mag(imu_gesture::RawMagSample* sample) override;
  bool read_temperature(int16_t* centi_c) override;
  uint32_t take_lost() override;
  const ImuDescription& description() const override { return description_; }
  float measured_rate_hz() const override { return clock_.rate_hz(); }

 private:
  static constexpr int kMostFrames = kMaxTransfer / bmi270::kFrameBytes;

  bool start(const ImuSettings& settings);
  bool start_fifo();
  void resync();
  bool look();
  bool fetch_more();
  bool fetch(uint32_t* skipped);
  int frame_bytes(const uint8_t* frame, int left, uint32_t* skipped);
  uint32_t age_us(uint32_t ticks) const;

  ImuBus* bus_;
  Bmm150 mag_;
  ImuDescription description_;
  SampleClock clock_;
  int16_t cross_zx_ = 0;
  uint32_t ticks_per_sample_ = 1;
  bool in_step_ = false;
  uint32_t ticks_ = 0;       // sensor time of the last look
  uint32_t lost_ = 0;
  uint32_t unread_ = 0;      // frames of the last look that are still in the chip
  uint32_t unseen_ = 0;      // frames that came after it and were overwritten
  int held_ = 0;             // fetched samples
  int next_ = 0;             // of those, the first not handed out
  uint8_t samples_[kMostFrames][bmi270::kFrameBytes - 1];
};

}  // namespace board
