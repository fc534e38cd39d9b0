// From the thread that reads the sensors to the one that thinks: it takes what a sensor driver hands
// out and gives it to the device later, in the same order. What finds no room counts as lost, as it
// would in the sensor's own FIFO.
#pragma once

#include <stdint.h>
#include <string.h>

#include "raw_sample.h"
#include "ring.h"

namespace imu_gesture {

template <uint32_t kCapacity>
class SensorQueue {
 public:
  // Producer.
  void lose(uint32_t samples) { lost_ += samples; }
  void take(const RawSample& sample) {
    Item item = {sample.device_time_us, lost_, Kind::kImu, {}};
    memcpy(item.counts, sample.counts, sizeof sample.counts);
    lost_ = ring_.push(item) ? 0U : lost_ + 1U;  // told with the next one that finds room
  }
  void take(const RawMagSample& sample) {
    Item item = {sample.device_time_us, 0, Kind::kMag, {}};
    memcpy(item.counts, sample.counts, sizeof sample.counts);
    ring_.push(item);
  }
  void take_temperature(uint32_t device_time_us, int16_t centi_c) {
    ring_.push({device_time_us, 0, Kind::kTemperature, {centi_c}});
  }

  // Consumer: gives the device at most `most` items; returns how many there were.
  template <typename Device>
  uint32_t drain(Device* device, uint32_t most) {
    Item item;
    uint32_t given = 0;
    while (given < most && ring_.pop(&item)) {
      give(item, device);
      ++given;
    }
    return given;
  }

 private:
  enum class Kind : uint8_t { kImu, kMag, kTemperature };

  struct Item {
    uint32_t device_time_us;
    uint32_t lost;  // before this sample
    Kind kind;
    int16_t counts[2 * kAxes];
  };

  template <typename Device>
  static void give(const Item& item, Device* device) {
    if (item.lost > 0U) {
      device->lose(item.lost);
    }
    if (item.kind == Kind::kImu) {
      give_sample<RawSample>(item, device);
    } else if (item.kind == Kind::kMag) {
      give_sample<RawMagSample>(item, device);
    } else {
      device->take_temperature(item.device_time_us, item.counts[0]);
    }
  }
  template <typename Sample, typename Device>
  static void give_sample(const Item& item, Device* device) {
    Sample sample;
    sample.device_time_us = item.device_time_us;
    memcpy(sample.counts, item.counts, sizeof sample.counts);
    device->take(sample);
  }

  SpscRing<Item, kCapacity> ring_;
  uint32_t lost_ = 0;  // of the producer
};

}  // namespace imu_gesture
