// Runs the stages of the core firmware one by one on recorded samples, in the order of `Firmware`, built
// as the board's compiler builds it.
// shape.bin in: one byte each: FrontEnd, rows of a window, classes. samples.bin in: uint32 time, 6 float32.
// inputs.bin out: the int8 input of every window.
// cost.txt out: ticks of `instruction_timer.h` for kLoopInstructions instructions; then for each stage its
// ticks and how often it ran.
#pragma GCC optimize("fp-contract=off")
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "firmware.h"
#include "instruction_timer.h"

namespace {

using imu_gesture::Decision;
using imu_gesture::ImuSample;
using imu_gesture::kAxes;

constexpr int kChannels = 6;
constexpr int kMostRows = imu_gesture::kMaxWindowSamples;
using Correction = imu_gesture::Conditioner::Correction;
using Resampler = imu_gesture::Resampler<kChannels>;
using Window = imu_gesture::SlidingWindow<kMostRows, kChannels>;
using Schedule = imu_gesture::Schedule;
using FrontEnd = imu_gesture::FrontEndReader<Window>;

struct Shape {
  uint8_t front_end;
  uint8_t rows;
  uint8_t classes;
};

struct Cost {
  uint32_t ticks = 0;
  uint32_t calls = 0;
};

// Not inlined: what a stage computes stays between its two readings of the timer.
template <typename Stage, typename... Arguments>
__attribute__((noinline)) auto run(Stage stage, Arguments... arguments) -> decltype(stage(arguments...)) {
  return stage(arguments...);
}

template <typename Stage, typename... Arguments>
auto timed(Cost* cost, Stage stage, Arguments... arguments) -> decltype(stage(arguments...)) {
  const uint32_t before = instruction_timer::now();
  const auto result = run(stage, arguments...);
  cost->ticks += instruction_timer::ticks_since(before);
  ++cost->calls;
  return result;
}

ImuSample correct(Correction* correction, const ImuSample* raw) { return correction->update(*raw); }

bool resample(Resampler* resampler, Window* window, Schedule* schedule, const ImuSample* sample) {
  float row[kChannels];
  for (int axis = 0; axis < kAxes; ++axis) {
    row[axis] = sample->acc_g[axis];
    row[kAxes + axis] = sample->gyr_dps[axis];
  }
  if (resampler->push(sample->device_time_us, row) == imu_gesture::Arrival::kStartsRun) {
    schedule->reset();
  }
  bool due = false;
  uint32_t end_us = 0;
  while (resampler->next(row, &end_us)) {
    window->push(row);
    due = schedule->push(row) || due;
  }
  return due;
}

int read_front_end(const imu_gesture::FirmwareParams* params, const Window* window, float* values) {
  FrontEnd front_end(params->front_end, *window, {params->window.samples, kChannels, 0.02F});
  for (int i = 0; i < params->window.samples; ++i) {
    front_end.next(values + i * kChannels);
  }
  return params->window.samples;
}

int quantise_all(const imu_gesture::FirmwareParams* params, const float* values, int8_t* input) {
  for (int i = 0; i < params->window.samples; ++i) {
    for (int c = 0; c < kChannels; ++c) {
      *input++ = imu_gesture::quantise(params->input, imu_gesture::feature(params->features, c, *values++));
    }
  }
  return params->window.samples;
}

bool decide(Decision* decision, uint32_t time_us, const int8_t* scores) {
  imu_gesture::GestureEvent event;
  return decision->update(time_us, scores, &event);
}

imu_gesture::FirmwareParams params_of(const Shape& shape) {
  imu_gesture::FirmwareParams params;
  params.window.samples = shape.rows;
  params.front_end.kind = static_cast<imu_gesture::FrontEnd>(shape.front_end);
  params.front_end.up[0] = 0.6F;
  params.front_end.up[2] = 0.8F;
  for (int c = 0; c < kChannels; ++c) {
    params.features.gain[c] = c < kAxes ? 1.1F : 0.0083F;
  }
  params.input.scale = 0.0645F;
  params.input.zero_point = -11;
  params.decision.classes = shape.classes;
  params.decision.most_spread = 2000;
  for (int c = 0; c < shape.classes; ++c) {
    params.decision.threshold[c] = 140;
  }
  return params;
}

struct Costs {
  Cost correction;
  Cost resampling;
  Cost front_end;
  Cost quantisation;
  Cost decision;
};

float values[kMostRows * kChannels];
int8_t input[kMostRows * kChannels];

}  // namespace

int main() {
  FILE* shape_file = fopen("shape.bin", "rb");
  FILE* samples = fopen("samples.bin", "rb");
  FILE* inputs = fopen("inputs.bin", "wb");
  FILE* cost = fopen("cost.txt", "w");
  Shape shape;
  if (shape_file == nullptr || samples == nullptr || inputs == nullptr || cost == nullptr ||
      fread(&shape, sizeof shape, 1, shape_file) != 1) {
    return 1;
  }
  const imu_gesture::FirmwareParams params = params_of(shape);
  Correction correction(params.conditioner.calibration, params.conditioner.learning);
  Resampler resampler(params.conditioner.resampler, kChannels);
  Window window(params.window.samples, kChannels);
  Schedule schedule(params.window, kChannels, 0.02F);
  Decision decision(params.decision);
  Costs costs;
  ImuSample raw;
  instruction_timer::start();
  const uint32_t loop = instruction_timer::loop_ticks();
  while (fread(&raw, sizeof raw, 1, samples) == 1) {
    const ImuSample sample = timed(&costs.correction, correct, &correction, &raw);
    if (!timed(&costs.resampling, resample, &resampler, &window, &schedule, &sample)) {
      continue;
    }
    timed(&costs.front_end, read_front_end, &params, &window, values);
    timed(&costs.quantisation, quantise_all, &params, values, input);
    timed(&costs.decision, decide, &decision, sample.device_time_us, input);
    fwrite(input, kChannels, shape.rows, inputs);
  }
  fprintf(cost, "%" PRIu32 " ", loop);
  const Cost all[] = {costs.correction, costs.resampling, costs.front_end, costs.quantisation, costs.decision};
  for (const Cost& stage : all) {
    fprintf(cost, "%" PRIu32 " %" PRIu32 " ", stage.ticks, stage.calls);
  }
  return fclose(inputs) + fclose(cost);
}
