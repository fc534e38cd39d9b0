// Bosch BMI270 by its datasheet: start-up with a configuration image, rates, ranges, sensor time,
// FIFO in header mode.
#pragma once

#include <deque>
#include <vector>

#include "register_chip.h"
#include "world.h"

namespace chips {

class Bmi270Model : public RegisterChip {
 public:
  explicit Bmi270Model(const World* world) : world_(world) { power_up(0.0); }

  double rate_error = 0.0;       // of the chip's own clock, relative
  double fifo_delay_us = 100.0;  // from a tick of the sensor time to the frame in the FIFO
  int cross_zx = -11;            // factory value, 1/512: what x picks up of z
  bool accepts_image = true;
  bool keeps_settings = true;

  void power_up(double time_us) override {
    std::fill(reg_, reg_ + 128, uint8_t{0});
    reg_[0x00] = 0x24;
    reg_[0x40] = 0xA8;
    reg_[0x41] = 0x02;
    reg_[0x42] = 0xA9;
    reg_[0x45] = 0x88;
    reg_[0x48] = 0x02;
    reg_[0x49] = 0x10;
    reg_[0x7C] = 0x03;
    image_bytes_ = 0;
    flush();
    born_us_ = now_us_ = time_us;
    ready_us_ = -1.0;
    next_tick_ = 0;
  }

  void advance(double time_us) override {
    now_us_ = time_us;
    if (ready_us_ >= 0.0 && time_us >= ready_us_) {
      ready_us_ = -1.0;
      reg_[0x21] = accepts_image && image_bytes_ == 8192 ? 0x01 : 0x02;
    }
    while (runs() && time_of(next_tick_) + fifo_delay_us <= time_us) {
      take(time_of(next_tick_));
      next_tick_ += ticks_per_sample();
    }
  }

 protected:
  void select(uint8_t subaddress) override {
    address_ = subaddress & 0x7F;
    if (address_ == 0x26) {
      begin_fifo_read();
    }
  }
  uint8_t following(uint8_t address) const override {
    return address == 0x26 || address == 0x5E ? address : static_cast<uint8_t>((address + 1) & 0x7F);
  }

  void store(uint8_t address, uint8_t value) override {
    if (address == 0x7E) {
      command(value);
    } else if (address == 0x5E) {
      image_bytes_ += 1;
    } else if (address == 0x59) {
      reg_[address] = value;
      if ((value & 1) != 0) {
        ready_us_ = now_us_ + 20000.0;
      } else {
        image_bytes_ = 0;
      }
    } else if (address >= 0x40 && (keeps_settings || address > 0x50)) {
      reg_[address] = value;
      next_tick_ = (ticks() / ticks_per_sample() + 1) * ticks_per_sample();
    }
  }

  uint8_t load(uint8_t address) override {
    if (address >= 0x18 && address <= 0x1A) {
      return static_cast<uint8_t>((ticks() >> (8 * (address - 0x18))) & 0xFF);
    }
    switch (address) {
      case 0x22:
        return low(temperature());
      case 0x23:
        return high(temperature());
      case 0x24:
        return low(fifo_length());
      case 0x25:
        return static_cast<uint8_t>(high(fifo_length()) & 0x3F);
      case 0x26:
        return fifo_byte();
      case 0x3C:
        return static_cast<uint8_t>(reg_[0x21] == 1 && reg_[0x2F] == 0 ? cross_zx & 0x7F : 0);
      default:
        return reg_[address];
    }
  }

 private:
  using Frame = std::vector<uint8_t>;
  static constexpr int kCapacity = 2048;

  bool runs() const { return reg_[0x21] == 1 && (reg_[0x7D] & 0x06) == 0x06; }
  int64_t ticks_per_sample() const { return int64_t{256} << 8 >> (reg_[0x40] & 0x0F); }  // 0x08: 100 Hz
  double tick_us() const { return 39.0625 / (1.0 + rate_error); }
  int64_t ticks() const { return static_cast<int64_t>((now_us_ - born_us_) / tick_us()); }
  double time_of(int64_t tick) const { return born_us_ + static_cast<double>(tick) * tick_us(); }
  // 1/512 K, 0 at 23 degrees; 0x8000 while the sensor is off.
  int temperature() const { return runs() ? quantised(world_->celsius - 23.0, 1.0 / 512.0) : -32768; }

  void command(uint8_t value) {
    if (value == 0xB6) {
      const double time_us = now_us_;
      power_up(time_us);
    } else if (value == 0xB0) {
      flush();
    }
  }
  void flush() {
    fifo_.clear();
    skipped_ = 0;
    reading_.clear();
  }

  void take(double time_us) {
    static const double acc[] = {16384.0, 8192.0, 4096.0, 2048.0};             // table 2, LSB/g
    static const double gyr[] = {16.384, 32.768, 65.536, 131.072, 262.144};    // table 3, LSB/(deg/s)
    // On the board: x to the right of one who looks along its length to the socket, y to the socket.
    const Vec axes[] = {{0, -1, 0}, {1, 0, 0}, {0, 0, 1}};
    double rate[3];
    for (int i = 0; i < 3; ++i) {
      rate[i] = dot(axes[i], world_->gyr_dps(time_us));
    }
    rate[0] += cross_zx / 512.0 * rate[2];
    const bool together = (reg_[0x40] & 0x0F) == (reg_[0x42] & 0x0F);  // acc_odr, gyr_odr
    Frame frame = {static_cast<uint8_t>(together ? 0x8C : 0x84)};
    for (int i = 0; i < 3 && together; ++i) {
      append(&frame, quantised(rate[i], 1.0 / gyr[std::min(reg_[0x43] & 7, 4)]));
    }
    for (int i = 0; i < 3; ++i) {
      const double force = dot(axes[i], world_->acc_g(time_us));
      append(&frame, quantised(force, 1.0 / acc[reg_[0x41] & 3]));
    }
    if ((reg_[0x49] & 0xD0) == 0xD0) {
      push(frame);
    }
  }
  static void append(Frame* frame, int count) {
    frame->push_back(low(count));
    frame->push_back(high(count));
  }

  void push(const Frame& frame) {
    if (fifo_length() + static_cast<int>(frame.size()) > kCapacity) {
      if ((reg_[0x48] & 0x01) != 0) {
        return;  // stops when full
      }
      fifo_.pop_front();
      ++skipped_;
    }
    fifo_.push_back(frame);
  }

  int fifo_length() const {
    int bytes = skipped_ > 0 ? 2 : 0;
    bytes += static_cast<int>(at_ > 0 && at_ < reading_.size() ? reading_.size() : 0);
    for (const Frame& frame : fifo_) {
      bytes += static_cast<int>(frame.size());
    }
    return bytes;
  }

  // A read hands out whole frames; one that it breaks off comes again in the next. Nothing can be
  // read in advanced power save.
  void begin_fifo_read() {
    const bool broken_off = at_ > 0 && at_ < reading_.size();
    if (broken_off && reading_[0] == 0x40) {
      skipped_ += reading_[1];
    } else if (broken_off) {
      fifo_.push_front(reading_);
    }
    reading_.clear();
    at_ = 0;
  }
  void next_frame() {
    at_ = 0;
    reading_.clear();
    if (skipped_ > 0) {
      reading_ = {0x40, static_cast<uint8_t>(std::min(skipped_, 255))};
      skipped_ = 0;
    } else if (!fifo_.empty()) {
      reading_ = fifo_.front();
      fifo_.pop_front();
    }
  }
  uint8_t fifo_byte() {
    if (at_ >= reading_.size()) {
      next_frame();
    }
    if ((reg_[0x7C] & 1) != 0 || reading_.empty()) {
      return 0x80;
    }
    return reading_[at_++];
  }

  const World* world_;
  uint8_t reg_[128];
  std::deque<Frame> fifo_;
  int skipped_ = 0;
  Frame reading_;
  size_t at_ = 0;
  int image_bytes_ = 0;
  int64_t next_tick_ = 0;
  double born_us_ = 0.0;
  double ready_us_ = -1.0;
  double now_us_ = 0.0;
};

}  // namespace chips
