// Bosch BMM150 by datasheet BST-BMM150-DS001-01: power states, repetitions, raw counts as the field,
// the hall resistance and the factory trim make them. The raw counts are the inverse of the
// floating-point compensation that Bosch publishes; the driver computes the integer one.
#pragma once

#include <random>

#include "register_chip.h"
#include "world.h"

namespace chips {

struct Trim {
  int x1 = 2, y1 = -3, x2 = 26, y2 = 25;
  int z1 = 24747, z2 = 763, z3 = -60, z4 = 40;
  int xy1 = 29, xy2 = -3, xyz1 = 7011;
};

class Bmm150Model : public RegisterChip {
 public:
  explicit Bmm150Model(const World* world) : world_(world) { power_up(0.0); }

  Trim trim;
  int hall = 6820;
  bool noisy = false;
  bool overflows = false;

  void power_up(double time_us) override {
    reset(0x00);
    next_us_ = now_us_ = time_us;
  }

  void advance(double time_us) override {
    static const double rates[] = {10.0, 2.0, 6.0, 8.0, 15.0, 20.0, 25.0, 30.0};
    now_us_ = time_us;
    while (measures() && next_us_ <= time_us) {
      take(next_us_);
      next_us_ += 1e6 / rates[(reg_[0x4C] >> 3) & 7];
    }
  }

 protected:
  void store(uint8_t address, uint8_t value) override {
    const bool was = measures();
    if (address == 0x4B) {
      reg_[0x4B] = value & 1;
      if ((value & 0x82) == 0x82) {
        reset(value & 1);
      }
    } else if (reg_[0x4B] != 0 && address >= 0x4C && address <= 0x52) {
      reg_[address] = value;
    }
    if (measures() && !was) {
      next_us_ = now_us_ + 10000.0;
    }
  }
  uint8_t load(uint8_t address) override {
    if (reg_[0x4B] == 0 && address != 0x4B) {
      return 0;  // suspended: all but the power control is closed
    }
    if (address >= 0x5D && address <= 0x71) {
      return trim_byte(address);
    }
    const uint8_t value = reg_[address & 0x7F];
    if (address == 0x48) {
      reg_[0x48] = value & 0xFE;
    }
    return value;
  }

 private:
  void reset(int power) {
    std::fill(reg_, reg_ + 128, uint8_t{0});
    reg_[0x40] = 0x32;
    reg_[0x4B] = static_cast<uint8_t>(power);
    reg_[0x4C] = 0x06;  // sleep
  }
  bool measures() const { return reg_[0x4B] != 0 && (reg_[0x4C] & 0x06) == 0; }

  void take(double time_us) {
    // Datasheet axes on the board: x as the BMI270's, y and z against it. Towards north the chip
    // reads negative.
    const Vec axes[] = {{0, -1, 0}, {-1, 0, 0}, {0, 0, -1}};
    const Vec field = world_->mag_ut(time_us);
    const double ut[] = {-dot(axes[0], field), -dot(axes[1], field), -dot(axes[2], field)};
    const int raw[] = {overflows ? -4096 : raw_xy(ut[0] + noise(false), trim.x1, trim.x2),
                       raw_xy(ut[1] + noise(false), trim.y1, trim.y2), raw_z(ut[2] + noise(true))};
    put(0x42, raw[0] * 8);
    put(0x44, raw[1] * 8);
    put(0x46, raw[2] * 2);
    put(0x48, hall * 4 + 1);
  }
  void put(int address, int word) {
    reg_[address] = low(word);
    reg_[address + 1] = high(word);
  }

  // Fits the datasheet's four presets (table 3: 1.0, 0.6, 0.5, 0.3 uT), whose repetitions differ.
  double noise(bool z) {
    const double xy_ut = 1.8 / std::sqrt(1.0 + 2.0 * reg_[0x51]);
    const double z_ut = 2.3 / std::sqrt(1.0 + reg_[0x52]);
    return noisy ? normal_(random_) * (z ? z_ut : xy_ut) : 0.0;
  }

  int raw_xy(double ut, int d1, int d2) const {
    const double ratio = trim.xyz1 * 16384.0 / hall - 16384.0;
    const double gain = trim.xy2 * (ratio * ratio / 268435456.0) + ratio * trim.xy1 / 16384.0;
    return quantised((ut * 16.0 - d1 * 8.0) * 8192.0 / ((gain + 256.0) * (d2 + 160.0)), 1.0, 13);
  }
  int raw_z(double ut) const {
    const double slope = trim.z2 + trim.z1 * static_cast<double>(hall) / 32768.0;
    const double offset = trim.z3 * static_cast<double>(hall - trim.xyz1);
    return quantised((ut * 16.0 * 4.0 * slope + offset) / 131072.0 + trim.z4, 1.0, 15);
  }

  uint8_t trim_byte(int address) const {
    switch (address) {
      case 0x5D:
        return low(trim.x1);
      case 0x5E:
        return low(trim.y1);
      case 0x64:
        return low(trim.x2);
      case 0x65:
        return low(trim.y2);
      case 0x70:
        return low(trim.xy2);
      case 0x71:
        return low(trim.xy1);
      default:
        break;
    }
    const int words[] = {trim.z2, trim.z1, trim.xyz1, trim.z3};  // from 0x68 on
    const int word = address <= 0x63 ? trim.z4 : words[(address - 0x68) / 2 & 3];
    return address % 2 == 0 ? low(word) : high(word);
  }

  const World* world_;
  uint8_t reg_[128];
  std::mt19937 random_{7};
  std::normal_distribution<double> normal_;
  double next_us_ = 0.0;
  double now_us_ = 0.0;
};

}  // namespace chips
