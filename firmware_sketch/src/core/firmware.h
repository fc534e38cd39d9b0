// The firmware's state machine: samples in, a call to the classifier now and then, events out.
// It owns no clock, no link and no model, so the board and the host's virtual board run it alike.
#pragma once

#include <new>
#include <stdint.h>

#include "conditioner.h"
#include "contract.h"
#include "decision.h"
#include "front_end.h"
#include "quantise.h"
#include "schedule.h"
#include "trace.h"
#include "window.h"

namespace imu_gesture {

struct FirmwareParams {
  ConditionerParams conditioner;
  WindowParams window;
  FeatureParams features;
  QuantisationParams input;
  DecisionParams decision;
  FrontEndParams front_end;  // other than the sensor's frame: six channels
};

struct FirmwareCounters {
  uint32_t samples = 0;
  uint32_t out_of_order = 0;       // samples ignored because their time did not advance
  uint32_t gaps = 0;
  uint32_t windows = 0;            // classifier calls
  uint32_t classifier_failures = 0;
  uint32_t events_lost = 0;        // queue full: the owner did not fetch them
};

template <int kWindowCapacity = kMaxWindowSamples>
class Firmware {
 public:
  // `input`: int8, (window.samples, channels), oldest row first; `outputs`: int8, room for
  // kMaxOutputs, of which decision.outputs() are used.
  using Classify = bool (*)(void* context, const int8_t* input, int8_t* outputs);
  using Window = SlidingWindow<kWindowCapacity, kMaxChannels>;

  Firmware(const FirmwareParams& params, Classify classify, void* context)
      : params_(params),
        classify_(classify),
        context_(context),
        conditioner_(params_.conditioner),
        window_(params.window.samples, params.conditioner.channels),
        schedule_(params_.window, params.conditioner.channels, period_s()),
        decision_(params_.decision) {}

  void push(const ImuSample& sample) {
    ++counters_.samples;
    const Arrival arrival = conditioner_.push(sample);
    if (arrival == Arrival::kOutOfOrder) {
      ++counters_.out_of_order;
      return;
    }
    if (arrival == Arrival::kStartsRun) {
      start_run();
    }
    float row[kMaxChannels];
    uint32_t row_end_us = 0;
    while (conditioner_.next(row, &row_end_us)) {
      window_.push(row);
      if (schedule_.push(row) && !idle()) {
        classify_window(row_end_us);
      }
    }
  }

  // Hands out the oldest event not yet fetched.
  bool next_event(GestureEvent* event) {
    if (queued_ == 0) {
      return false;
    }
    *event = events_[0];
    --queued_;
    for (int i = 0; i < queued_; ++i) {
      events_[i] = events_[i + 1];
    }
    return true;
  }

  // Another model: everything is as after a start, but the counters.
  void restart(const FirmwareParams& params) {
    params_ = params;
    const int channels = params_.conditioner.channels;
    new (&conditioner_) Conditioner(params_.conditioner);  // in their places: they are large for a stack
    new (&window_) Window(params_.window.samples, channels);
    new (&schedule_) Schedule(params_.window, channels, period_s());
    new (&decision_) Decision(params_.decision);
    queued_ = 0;
  }
  const FirmwareParams& params() const { return params_; }

  // Corrects what comes from now on.
  void calibrate_with(const CalibrationParams& calibration) { conditioner_.calibrate_with(calibration); }
  Conditioner::Correction& correction() { return conditioner_.correction(); }
  const Conditioner::Correction& correction() const { return conditioner_.correction(); }

  // Notes everything that is computed from now on; null: nothing.
  void trace_into(Trace* trace) { trace_ = trace; }
  // The newest model input.
  const int8_t* input() const { return input_; }

  // Runs the model on an input from elsewhere (`classify`'s shape), past the decision stage.
  bool score_input(const int8_t* input, int8_t* outputs) { return classify_(context_, input, outputs); }
  int input_bytes() const { return params_.window.samples * params_.conditioner.channels; }
  int classes() const { return params_.decision.classes; }
  int outputs() const { return params_.decision.outputs(); }

  // Smoothed score of a class: probability * kScoreLevels.
  uint8_t score(int label) const { return decision_.smoothed_score(label); }

  const FirmwareCounters& counters() const { return counters_; }

  // Saves the work of classifying while the board lies still. Windows stay filled, so the first
  // movement is classified with what came before it.
  void doze(bool dozing) { dozing_ = dozing; }
  bool at_rest() const { return conditioner_.correction().tracker().at_rest(); }

 private:
  Firmware(const Firmware&);  // neither is there: its parts look at its own parameters
  Firmware& operator=(const Firmware&);

  void start_run() {
    if (counters_.samples > 1U) {
      ++counters_.gaps;
    }
    schedule_.reset();
    decision_.forget_scores();
  }

  // What was scored before a rest says nothing about what comes after it.
  bool idle() {
    if (dozing_ && at_rest()) {
      decision_.forget_scores();
      return true;
    }
    return false;
  }

  float period_s() const { return static_cast<float>(params_.conditioner.resampler.period_us) * 1e-6F; }

  void write_input() {
    const int channels = params_.conditioner.channels;
    FrontEndReader<Window> front_end(params_.front_end, window_, {params_.window.samples, channels, period_s()});
    int8_t* slot = input_;
    for (int i = 0; i < params_.window.samples; ++i) {
      float row[kMaxChannels];
      front_end.next(row);
      for (int c = 0; c < channels; ++c) {
        *slot++ = quantise(params_.input, feature(params_.features, c, row[c]));
      }
    }
  }

  void classify_window(uint32_t end_us) {
    write_input();
    ++counters_.windows;
    int8_t outputs[kMaxOutputs];
    if (!classify_(context_, input_, outputs)) {
      ++counters_.classifier_failures;
      return;
    }
    if (trace_ != nullptr) {
      trace_->window(input_, input_bytes(), outputs, this->outputs());
    }
    if (schedule_.starts_anew()) {
      decision_.forget_scores();
    }
    GestureEvent event;
    if (decision_.update(end_us, outputs, &event)) {
      if (trace_ != nullptr) {
        trace_->event(event);
      }
      enqueue(event);
    }
  }

  void enqueue(const GestureEvent& event) {
    if (queued_ == kMaxQueuedEvents) {
      ++counters_.events_lost;
      return;
    }
    events_[queued_++] = event;
  }

  FirmwareParams params_;
  Classify classify_;
  void* context_;
  Trace* trace_ = nullptr;
  Conditioner conditioner_;
  Window window_;
  Schedule schedule_;
  Decision decision_;
  FirmwareCounters counters_;
  bool dozing_ = false;
  int queued_ = 0;
  GestureEvent events_[kMaxQueuedEvents];
  int8_t input_[kWindowCapacity * kMaxChannels] = {};
};

}  // namespace imu_gesture
