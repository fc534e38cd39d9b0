// The chips of a board revision on their bus, which can be unplugged.
#pragma once

#include "bmi270_model.h"
#include "bmm150_model.h"
#include "lsm9ds1_mag_model.h"
#include "lsm9ds1_model.h"

namespace chips {

class SensorBoard {
 public:
  // 1: LSM9DS1; 2: BMI270 and BMM150; 0: nothing.
  SensorBoard(int revision, const World* world)
      : lsm9ds1(world), lsm9ds1_mag(world), bmi270(world), bmm150(world), revision_(revision) {}

  Lsm9ds1Model lsm9ds1;
  Lsm9ds1MagModel lsm9ds1_mag;
  Bmi270Model bmi270;
  Bmm150Model bmm150;
  bool has_mag = true;

  void plug(bool plugged) {
    if (plugged && !plugged_) {
      RegisterChip* const chips[] = {&lsm9ds1, &lsm9ds1_mag, &bmi270, &bmm150};
      for (RegisterChip* chip : chips) {
        chip->power_up(now_us_);
      }
    }
    plugged_ = plugged;
  }

  bool write(uint8_t address, const uint8_t* bytes, int size, double now_us) {
    RegisterChip* chip = at(address, now_us);
    if (chip != nullptr) {
      chip->write(bytes, size);
    }
    return chip != nullptr;
  }
  bool read(uint8_t address, uint8_t* bytes, int size, double now_us) {
    RegisterChip* chip = at(address, now_us);
    if (chip != nullptr) {
      chip->read(bytes, size);
    }
    return chip != nullptr;
  }

 private:
  struct Place {
    int revision;
    uint8_t address;
    RegisterChip* chip;
  };

  RegisterChip* at(uint8_t address, double now_us) {
    now_us_ = now_us;
    const Place places[] = {
        {1, 0x6B, &lsm9ds1}, {1, 0x1E, &lsm9ds1_mag}, {2, 0x68, &bmi270}, {2, 0x10, &bmm150}};
    for (const Place& place : places) {
      const bool is_mag = place.chip == &lsm9ds1_mag || place.chip == &bmm150;
      const bool answers = plugged_ && (has_mag || !is_mag);
      if (place.revision == revision_ && place.address == address && answers) {
        place.chip->advance(now_us);
        return place.chip;
      }
    }
    return nullptr;
  }

  int revision_;
  bool plugged_ = true;
  double now_us_ = 0.0;
};

}  // namespace chips
