// Runs the core firmware on recorded samples, built as the board's compiler builds it.
// regime.bin in: a Regime, one byte. samples.bin in: uint32 time, 6 float32 a record. windows.bin out: the int8 input of every window.
#pragma GCC optimize("fp-contract=off")
#include <stdint.h>
#include <stdio.h>

#include "firmware.h"

namespace {

constexpr int kSamples = 48;
constexpr int kChannels = 6;

bool classify(void* output, const int8_t* input, int8_t* scores) {
  scores[0] = 0;
  return fwrite(input, 1, kSamples * kChannels, static_cast<FILE*>(output)) == kSamples * kChannels;
}

imu_gesture::FirmwareParams model_params(imu_gesture::Regime regime) {
  imu_gesture::FirmwareParams params;
  params.conditioner.resampler.period_us = 20000;
  params.window.samples = kSamples;
  params.window.hop_samples = 1;
  params.window.regime = regime;
  params.window.motion.calm_s = 0.24F;
  for (int c = 0; c < kChannels; ++c) {
    params.features.offset[c] = 0.01F * static_cast<float>(c);
    params.features.gain[c] = c < 3 ? 1.1F : 0.0083F;
  }
  params.input.scale = 0.0645F;
  params.input.zero_point = -11;
  params.decision.classes = 1;
  params.decision.smoothing = 1;
  params.decision.threshold[0] = imu_gesture::kNever;
  return params;
}

}  // namespace

int main() {
  FILE* chosen = fopen("regime.bin", "rb");
  FILE* samples = fopen("samples.bin", "rb");
  FILE* windows = fopen("windows.bin", "wb");
  uint8_t regime = 0;
  if (chosen == nullptr || samples == nullptr || windows == nullptr || fread(&regime, 1, 1, chosen) != 1) {
    return 1;
  }
  imu_gesture::Firmware<kSamples> firmware(model_params(static_cast<imu_gesture::Regime>(regime)), &classify, windows);
  uint32_t time_us = 0;
  float values[kChannels];
  while (fread(&time_us, sizeof time_us, 1, samples) == 1 && fread(values, sizeof values, 1, samples) == 1) {
    imu_gesture::ImuSample sample;
    sample.device_time_us = time_us;
    for (int axis = 0; axis < imu_gesture::kAxes; ++axis) {
      sample.acc_g[axis] = values[axis];
      sample.gyr_dps[axis] = values[imu_gesture::kAxes + axis];
    }
    firmware.push(sample);
  }
  return fclose(windows);
}
