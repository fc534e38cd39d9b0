// A bus to modelled chips in simulated time, at 400 kHz unless it is told otherwise.
#pragma once

#include "../../../firmware_sketch/src/board/imu_bus.h"
#include "sensor_board.h"

namespace chips {

class SimulatedBus final : public board::ImuBus {
 public:
  SimulatedBus(SensorBoard* board, double clock_offset_us) : board_(board), offset_us_(clock_offset_us) {}

  double time_us = 0.0;       // since the chips got their supply
  double unplugged_us = 1e18; // when all chips lose it,
  double plugged_us = 1e18;   // and get it back
  double fails_every = 0.0;   // so many transfers; in turn before and after the chip has acted
  long transfers = 0;
  double byte_us = 9.0 / 0.4;

  using ImuBus::write;
  bool read(uint8_t device, uint8_t reg, uint8_t* data, int size) override {
    if (size > board::kMaxTransfer || !send(device, &reg, 1)) {
      return false;
    }
    pass(2);  // what a read gives is decided when its first byte goes out
    const bool answered = board_->read(device, data, size, time_us);
    pass(size - 1);
    return answered && !fails(1);
  }
  bool write(uint8_t device, uint8_t reg, const uint8_t* data, int size) override {
    uint8_t bytes[256] = {reg};
    std::copy(data, data + size, bytes + 1);
    return send(device, bytes, 1 + size);
  }
  uint32_t now_us() override { return static_cast<uint32_t>(static_cast<int64_t>(time_us + offset_us_)); }
  void wait_us(uint32_t duration_us) override { time_us += duration_us; }

 private:
  bool send(uint8_t device, const uint8_t* bytes, int size) {
    pass(1 + size);
    ++transfers;
    board_->plug(time_us < unplugged_us || time_us > plugged_us);
    if (fails(0)) {
      return false;
    }
    return board_->write(device, bytes, size, time_us);
  }
  bool fails(long phase) const {
    const long every = static_cast<long>(fails_every);
    return every > 0 && transfers % every == 0 && transfers / every % 2 == phase;
  }
  void pass(int bytes) { time_us += 20.0 + bytes * byte_us; }

  SensorBoard* board_;
  double offset_us_;
};

}  // namespace chips
