// Runs the core's drift correction on recorded samples, built as the board's compiler builds it.
// samples.bin in: uint32 time, 6 float32 inertial, float32 temperature, uint32 1 where the magnetometer
// has a new reading, 3 float32 magnetic. The magnetometer counts as calibrated.
// states.bin out: the whole state after each sample.
// cost.txt out: ticks of the emulated board's timer for kLoopInstructions instructions; for all inertial
// samples and for the costliest; for all magnetic readings and for the costliest; how many there were of
// each; bytes of the estimator.
#pragma GCC optimize("fp-contract=off")
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "drift_correction.h"
#include "instruction_timer.h"
#include "saved_state.h"

namespace {

using imu_gesture::DriftCorrection;
using imu_gesture::DriftState;
using imu_gesture::ImuSample;
using imu_gesture::kAxes;
using imu_gesture::MagSample;

struct Record {
  uint32_t time_us;
  float imu[2 * kAxes];
  float temperature_c;
  uint32_t has_mag;
  float mag_ut[kAxes];
};

struct Cost {
  uint32_t ticks = 0;
  uint32_t most = 0;
  uint32_t calls = 0;

  template <typename Sample>
  void update(DriftCorrection* drift, const Sample& sample) {
    const uint32_t before = instruction_timer::now();
    drift->update(sample);
    const uint32_t spent = instruction_timer::ticks_since(before);
    ticks += spent;
    most = spent > most ? spent : most;
    ++calls;
  }
};

ImuSample imu_of(const Record& record) {
  ImuSample sample;
  sample.device_time_us = record.time_us;
  for (int axis = 0; axis < kAxes; ++axis) {
    sample.acc_g[axis] = record.imu[axis];
    sample.gyr_dps[axis] = record.imu[kAxes + axis];
  }
  return sample;
}

MagSample mag_of(const Record& record) {
  MagSample sample;
  sample.device_time_us = record.time_us;
  for (int axis = 0; axis < kAxes; ++axis) {
    sample.mag_ut[axis] = record.mag_ut[axis];
  }
  return sample;
}

}  // namespace

int main() {
  FILE* samples = fopen("samples.bin", "rb");
  FILE* states = fopen("states.bin", "wb");
  FILE* cost = fopen("cost.txt", "w");
  if (samples == nullptr || states == nullptr || cost == nullptr) {
    return 1;
  }
  DriftCorrection drift{imu_gesture::DriftParams()};
  drift.magnetometer().know(imu_gesture::AffineParams());
  static uint8_t saved[4096];
  const size_t size = static_cast<size_t>(imu_gesture::saved_bytes<DriftState>());
  Cost imu;
  Cost mag;
  Record record;
  instruction_timer::start();
  while (fread(&record, sizeof record, 1, samples) == 1) {
    drift.update_temperature(record.temperature_c);
    imu.update(&drift, imu_of(record));
    if (record.has_mag != 0U) {
      mag.update(&drift, mag_of(record));
    }
    imu_gesture::save_state(drift.state(), imu_gesture::kDriftStateVersion, saved);
    fwrite(saved, 1, size, states);
  }
  const uint32_t figures[] = {instruction_timer::loop_ticks(), imu.ticks, imu.most,  mag.ticks,
                              mag.most,     imu.calls, mag.calls, static_cast<uint32_t>(sizeof drift)};
  for (const uint32_t figure : figures) {
    fprintf(cost, "%" PRIu32 " ", figure);
  }
  return fclose(states) + fclose(cost);
}
