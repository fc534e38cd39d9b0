// ST LSM9DS1, magnetometer, by datasheet DocID025715 Rev 3.
#pragma once

#include "register_chip.h"
#include "world.h"

namespace chips {

// It has its own address. A read moves on only when the subaddress says so.
// Without block data update the two bytes of a reading may be of different times: here they always are.
class Lsm9ds1MagModel : public RegisterChip {
 public:
  explicit Lsm9ds1MagModel(const World* world) : world_(world) { power_up(0.0); }

  void power_up(double time_us) override {
    std::fill(reg_, reg_ + 128, uint8_t{0});
    reg_[0x0F] = 0x3D;
    reg_[0x20] = 0x10;
    reg_[0x22] = 0x03;
    next_us_ = now_us_ = time_us;
  }

  void advance(double time_us) override {
    static const double rates[] = {0.625, 1.25, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0};
    static const double ut[] = {0.014, 0.029, 0.043, 0.058};  // table 3, M_GN
    now_us_ = time_us;
    while ((reg_[0x22] & 0x03) == 0 && next_us_ <= time_us) {
      const double period_us = 1e6 / rates[(reg_[0x20] >> 2) & 7];
      const double per_count = ut[(reg_[0x21] >> 5) & 3];
      const bool whole = (reg_[0x24] & 0x40) != 0;
      put(world_->mag_ut(next_us_), world_->mag_ut(next_us_ + (whole ? 0.0 : period_us)), per_count);
      reg_[0x27] = static_cast<uint8_t>((reg_[0x27] & 0x08) != 0 ? 0xFF : 0x0F);
      next_us_ += period_us;
    }
  }

 protected:
  void select(uint8_t subaddress) override {
    address_ = subaddress & 0x7F;
    moves_on_ = (subaddress & 0x80) != 0;
  }
  uint8_t following(uint8_t address) const override {
    return moves_on_ ? static_cast<uint8_t>(address + 1) : address;
  }
  void store(uint8_t address, uint8_t value) override {
    if (address == 0x21 && (value & 0x04) != 0) {
      const double time_us = now_us_;
      power_up(time_us);
    } else if (address <= 0x0A || (address >= 0x20 && address <= 0x24)) {
      reg_[address] = value;
      next_us_ = std::max(next_us_, now_us_);
    }
  }
  uint8_t load(uint8_t address) override {
    const uint8_t value = reg_[address & 0x7F];
    if (address == 0x2D) {
      reg_[0x27] = 0;
    }
    return value;
  }

 private:
  void put(const Vec& lows, const Vec& highs, double per_count) {
    const double first[] = {lows.x, lows.y, lows.z};
    const double second[] = {highs.x, highs.y, highs.z};
    for (int i = 0; i < 3; ++i) {
      const int offset = reg_[0x05 + 2 * i] | reg_[0x06 + 2 * i] << 8;  // OFFSET_X_REG_L_M and on
      reg_[0x28 + 2 * i] = low(quantised(first[i], per_count) - offset);
      reg_[0x29 + 2 * i] = high(quantised(second[i], per_count) - offset);
    }
  }

  const World* world_;
  uint8_t reg_[128];
  bool moves_on_ = false;
  double next_us_ = 0.0;
  double now_us_ = 0.0;
};

}  // namespace chips
