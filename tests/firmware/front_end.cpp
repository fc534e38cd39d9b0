// Runs the core firmware behind a front end on recorded samples, built as the board's compiler builds it.
// kind.bin in: one byte, FrontEnd. samples.bin in: uint32 time, 6 float32 a record.
// windows.bin out: the int8 input of every window.
// cost.txt out: ticks of the emulated board's timer for kLoopInstructions instructions; for samples that
// complete no window; for those that complete one, without the classifier; how many of each; bytes of the
// firmware.
#pragma GCC optimize("fp-contract=off")
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "firmware.h"
#include "instruction_timer.h"

namespace {

constexpr int kSamples = 48;
constexpr int kChannels = 6;

struct Output {
  FILE* windows;
  uint32_t ticks;  // spent on writing
};

bool classify(void* context, const int8_t* input, int8_t* scores) {
  Output* output = static_cast<Output*>(context);
  const uint32_t before = instruction_timer::now();
  scores[0] = 0;
  const bool written = fwrite(input, 1, kSamples * kChannels, output->windows) == kSamples * kChannels;
  output->ticks = instruction_timer::ticks_since(before);
  return written;
}

imu_gesture::FirmwareParams model_params(uint8_t kind) {
  imu_gesture::FirmwareParams params;
  params.conditioner.resampler.period_us = 20000;
  params.conditioner.learn = true;
  params.window.samples = kSamples;
  params.window.hop_samples = 5;
  params.front_end.kind = static_cast<imu_gesture::FrontEnd>(kind);
  params.front_end.up[0] = 0.6F;
  params.front_end.up[2] = 0.8F;
  for (int c = 0; c < kChannels; ++c) {
    params.features.gain[c] = c < 3 ? 1.1F : 0.0083F;
  }
  params.input.scale = 0.0645F;
  params.input.zero_point = -11;
  params.decision.classes = 1;
  params.decision.threshold[0] = imu_gesture::kNever;
  return params;
}

struct Cost {
  uint32_t ticks = 0;
  uint32_t samples = 0;

  void add(uint32_t spent) {
    ticks += spent;
    ++samples;
  }
};

}  // namespace

int main() {
  FILE* kind = fopen("kind.bin", "rb");
  FILE* samples = fopen("samples.bin", "rb");
  FILE* windows = fopen("windows.bin", "wb");
  FILE* cost = fopen("cost.txt", "w");
  if (kind == nullptr || samples == nullptr || windows == nullptr || cost == nullptr) {
    return 1;
  }
  Output output = {windows, 0};
  using Firmware = imu_gesture::Firmware<kSamples>;
  Firmware firmware(model_params(static_cast<uint8_t>(fgetc(kind))), &classify, &output);
  Cost without;
  Cost with;
  imu_gesture::ImuSample sample;
  instruction_timer::start();
  const uint32_t loop = instruction_timer::loop_ticks();
  while (fread(&sample, sizeof sample, 1, samples) == 1) {
    const uint32_t windows_before = firmware.counters().windows;
    const uint32_t before = instruction_timer::now();
    firmware.push(sample);
    const uint32_t spent = instruction_timer::ticks_since(before);
    if (firmware.counters().windows == windows_before) {
      without.add(spent);
    } else {
      with.add(spent - output.ticks);
    }
  }
  const uint32_t figures[] = {loop,         without.ticks, without.samples,
                              with.ticks,   with.samples,  static_cast<uint32_t>(sizeof firmware)};
  for (const uint32_t figure : figures) {
    fprintf(cost, "%" PRIu32 " ", figure);
  }
  return fclose(windows) + fclose(cost);
}
