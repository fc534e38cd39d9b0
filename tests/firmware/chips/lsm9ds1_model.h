// ST LSM9DS1, accelerometer and gyroscope, by datasheet DocID025715 Rev 3: registers, rates, full
// scales, FIFO. Where it leaves a choice open, the model takes the one that is harder on a driver:
// each sensor has its own place in the FIFO, and a read does not run on from one to the other.
#pragma once

#include <deque>

#include "register_chip.h"
#include "world.h"

namespace chips {

class Lsm9ds1Model : public RegisterChip {
 public:
  explicit Lsm9ds1Model(const World* world) : world_(world) { power_up(0.0); }

  double rate_error = 0.0;  // of the chip's own clock, relative
  bool keeps_settings = true;

  void power_up(double time_us) override {
    std::fill(reg_, reg_ + 128, uint8_t{0});
    reg_[0x0F] = 0x68;
    reg_[0x1E] = 0x38;
    reg_[0x1F] = 0x38;
    reg_[0x22] = 0x04;
    empty();
    next_us_ = now_us_ = time_us;
  }

  void advance(double time_us) override {
    now_us_ = time_us;
    while (rate_hz() > 0.0 && next_us_ <= time_us) {
      take(next_us_);
      next_us_ += 1e6 / (rate_hz() * (1.0 + rate_error));
    }
  }

 protected:
  uint8_t following(uint8_t address) const override {
    if ((reg_[0x22] & 0x04) == 0) {
      return address;  // IF_ADD_INC
    }
    return address == 0x1D ? 0x18 : address == 0x2D ? 0x28 : static_cast<uint8_t>(address + 1);
  }

  void store(uint8_t address, uint8_t value) override {
    const bool read_only = address == 0x0F || (address >= 0x14 && address <= 0x1D) ||
                           (address >= 0x26 && address <= 0x2D) || address == 0x2F;
    if (read_only || !keeps_settings) {
      return;
    }
    if (address == 0x22 && (value & 0x01) != 0) {
      const double time_us = now_us_;
      power_up(time_us);  // SW_RESET clears itself
      return;
    }
    const double before_hz = rate_hz();
    reg_[address & 0x7F] = value;
    if (rate_hz() != before_hz) {
      next_us_ = now_us_ + (rate_hz() > 0.0 ? 1e6 / rate_hz() : 0.0);
    }
    if (address == 0x2E && value >> 5 == 0) {
      empty();  // bypass
    }
  }

  uint8_t load(uint8_t address) override {
    switch (address) {
      case 0x15:
        return low(temperature());
      case 0x16:
        return high(temperature());
      case 0x17:
      case 0x27:
        return static_cast<uint8_t>((reg_[0x10] >> 5 != 0 ? 0x02 : 0) | 0x01 | 0x04);
      case 0x2F:
        return fifo_source();
      default:
        break;
    }
    if (address >= 0x18 && address <= 0x1D) {
      return output(&gyr_read_, address - 0x18, address == 0x1D, false);
    }
    if (address >= 0x28 && address <= 0x2D) {
      return output(&acc_read_, address - 0x28, address == 0x2D, true);
    }
    return reg_[address & 0x7F];
  }

 private:
  struct Sample {
    int acc[3], gyr[3];
  };

  // ODR_G decides for both when the gyroscope runs (section 7.12), else ODR_XL.
  double rate_hz() const {
    static const double gyr[] = {0.0, 14.9, 59.5, 119.0, 238.0, 476.0, 952.0, 0.0};
    static const double acc[] = {0.0, 10.0, 50.0, 119.0, 238.0, 476.0, 952.0, 0.0};
    const double both = gyr[reg_[0x10] >> 5];
    return both > 0.0 ? both : acc[reg_[0x20] >> 5];
  }

  void take(double time_us) {
    static const double acc_g[] = {0.061e-3, 0.732e-3, 0.122e-3, 0.244e-3};  // FS_XL = 00, 01, 10, 11
    static const double gyr_dps[] = {8.75e-3, 17.5e-3, 0.0, 70e-3};          // FS_G
    // Figure 1: x points the other way than the magnetometer's, y and z the same way. A rate is
    // positive by the right hand's rule about each arrow.
    const Vec axes[] = {{-1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    Sample sample;
    for (int i = 0; i < 3; ++i) {
      const double acc = dot(axes[i], world_->acc_g(time_us));
      sample.acc[i] = quantised(acc, acc_g[(reg_[0x20] >> 3) & 3]);
      const double per_count = gyr_dps[(reg_[0x10] >> 3) & 3];
      const double sign = (reg_[0x13] >> (5 - i) & 1) != 0 ? -1.0 : 1.0;  // ORIENT_CFG_G
      const double rate = sign * dot(axes[i], world_->gyr_dps(time_us));
      sample.gyr[i] = per_count > 0.0 ? quantised(rate, per_count) : 0;
    }
    newest_ = sample;
    const int mode = reg_[0x2E] >> 5;
    if ((reg_[0x23] & 0x02) == 0 || mode == 0 || (mode == 1 && fifo_.size() >= 32)) {
      return;
    }
    fifo_.push_back(sample);
    if (fifo_.size() > 32) {
      fifo_.pop_front();
      overrun_ = true;
      acc_read_ = std::max(0, acc_read_ - 1);
      gyr_read_ = std::max(0, gyr_read_ - 1);
    }
  }

  void empty() {
    fifo_.clear();
    acc_read_ = gyr_read_ = 0;
    overrun_ = false;
  }

  uint8_t fifo_source() const {
    const int threshold = unread() >= (reg_[0x2E] & 0x1F) ? 0x80 : 0;
    return static_cast<uint8_t>(threshold | (overrun_ ? 0x40 : 0) | unread());
  }
  int unread() const { return static_cast<int>(fifo_.size()); }
  // Table 5: 16 counts a kelvin, 0 at 25 degrees.
  int temperature() const { return quantised(world_->celsius - 25.0, 1.0 / 16.0, 12); }

  uint8_t output(int* already, int byte, bool last, bool is_acc) {
    const bool buffered = *already < unread();
    const Sample& sample = buffered ? fifo_[static_cast<size_t>(*already)] : newest_;
    const int count = is_acc ? sample.acc[byte / 2] : sample.gyr[byte / 2];
    if (last && buffered) {
      ++*already;
      while (acc_read_ > 0 && gyr_read_ > 0) {
        fifo_.pop_front();
        --acc_read_;
        --gyr_read_;
        overrun_ = false;
      }
    }
    return byte % 2 == 0 ? low(count) : high(count);
  }

  const World* world_;
  uint8_t reg_[128];
  std::deque<Sample> fifo_;
  Sample newest_ = {};
  int acc_read_ = 0;  // samples of the FIFO that this sensor's reads have passed
  int gyr_read_ = 0;
  bool overrun_ = false;
  double next_us_ = 0.0;
  double now_us_ = 0.0;
};

}  // namespace chips
