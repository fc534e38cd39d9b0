// Runs the core with a sketch's own model parameters on recorded samples, for `imu-gesture verify`.
// samples.bin in: uint32 time, 6 float32 a record. scores.bin in: int8 outputs of each window.
// inputs.bin out: the int8 input of each window. events.bin out: time u32, label u8, score u8 of each event.
#pragma GCC optimize("fp-contract=off")
#include <stdint.h>
#include <stdio.h>

#include "core/firmware.h"
#include "model/model_manifest.h"

namespace {

struct Files {
  FILE* scores;
  FILE* inputs;
};

bool classify(void* context, const int8_t* input, int8_t* outputs) {
  Files* files = static_cast<Files*>(context);
  constexpr size_t kInput = static_cast<size_t>(kModelWindowSamples) * kModelChannels;
  return fwrite(input, 1, kInput, files->inputs) == kInput &&
         fread(outputs, 1, kModelOutputs, files->scores) == kModelOutputs;
}

}  // namespace

int main() {
  FILE* samples = fopen("samples.bin", "rb");
  FILE* events = fopen("events.bin", "wb");
  Files files = {fopen("scores.bin", "rb"), fopen("inputs.bin", "wb")};
  if (samples == nullptr || events == nullptr || files.scores == nullptr || files.inputs == nullptr) {
    return 1;
  }
  static imu_gesture::Firmware<kModelWindowSamples> firmware(model_params(), &classify, &files);
  imu_gesture::ImuSample sample;
  while (fread(&sample, sizeof sample, 1, samples) == 1) {
    firmware.push(sample);
    imu_gesture::GestureEvent event;
    while (firmware.next_event(&event)) {
      fwrite(&event.device_time_us, 4, 1, events);
      fwrite(&event.label, 1, 1, events);
      fwrite(&event.score, 1, 1, events);
    }
  }
  return fclose(events) + fclose(files.inputs);
}
