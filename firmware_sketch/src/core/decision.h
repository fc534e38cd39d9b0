// Scores over time -> one event per gesture.
#pragma once

#include <stdint.h>

#include "clock.h"
#include "contract.h"

namespace imu_gesture {

struct DecisionParams {
  int classes = 0;
  int smoothing = 3;                  // classifications averaged
  uint32_t refractory_us = 500000;    // silence after an event
  int16_t threshold[kMaxClasses] = {};  // probability * kScoreLevels; kNever for background
  uint16_t most_spread = 0;             // see is_unknown(); 0: nothing is rejected

  // Values that the model gives for a window: a score for each class, and to reject, a logit for each.
  int outputs() const { return most_spread == 0U ? classes : 2 * classes; }
};

struct GestureEvent {
  uint32_t device_time_us;  // end of the window that decided
  uint8_t label;            // class index
  uint8_t score;            // smoothed probability * kScoreLevels, rounded down
};

// Whether a movement is none that the model knows. One that it knows leaves all other classes equally
// unlikely; another resembles some of them more than others. So the standard deviation of the logits
// without the highest tells, against `most_spread`: in sixteenths of a logit's step, up to kMostSpread.
inline bool is_unknown(const int8_t* logits, int classes, uint16_t most_spread) {
  int best = 0;
  int32_t sum = 0;
  int32_t squares = 0;
  for (int c = 0; c < classes; ++c) {
    best = logits[c] > logits[best] ? c : best;
    sum += logits[c];
    squares += logits[c] * logits[c];
  }
  sum -= logits[best];
  squares -= logits[best] * logits[best];
  const int32_t others = classes - 1;
  const uint32_t spread = static_cast<uint32_t>(others * squares - sum * sum);  // variance * others^2
  const uint32_t limit = static_cast<uint32_t>(others) * most_spread;
  return spread * (kSpreadSteps * kSpreadSteps) > limit * limit;  // both below 2^32: see kMostSpread
}

// A gesture is reported when its smoothed score is the highest and reaches its threshold. It is
// reported once: again only after the score has fallen below the threshold and the refractory
// time has passed. An unknown movement scores nothing, and none is reported at it.
class Decision {
 public:
  // Keeps no copy: `params` must outlive it.
  explicit Decision(const DecisionParams& params) : params_(params) {}

  // Forgets the scores (after a gap); the refractory time goes on.
  void forget_scores() {
    filled_ = 0;
    newest_ = 0;
    held_label_ = kNone;
    for (int c = 0; c < params_.classes; ++c) {
      sum_[c] = 0;
    }
  }

  // Takes the int8 outputs of one window; true when `event` was written.
  bool update(uint32_t device_time_us, const int8_t* outputs, GestureEvent* event) {
    const bool unknown = params_.most_spread != 0U &&
                         is_unknown(outputs + params_.classes, params_.classes, params_.most_spread);
    add(outputs, unknown);
    if (filled_ < params_.smoothing) {
      return false;
    }
    if (held_label_ != kNone && !reaches_threshold(held_label_)) {
      held_label_ = kNone;
    }
    if (refractory_ && elapsed_us(last_event_us_, device_time_us) >= params_.refractory_us) {
      refractory_ = false;
    }
    const int best = best_label();
    if (unknown || refractory_ || best == held_label_ || !reaches_threshold(best)) {
      return false;
    }
    held_label_ = best;
    refractory_ = true;
    last_event_us_ = device_time_us;
    event->device_time_us = device_time_us;
    event->label = static_cast<uint8_t>(best);
    event->score = smoothed_score(best);
    return true;
  }

  // Mean of the last scores of a class: probability * kScoreLevels, rounded down.
  uint8_t smoothed_score(int label) const {
    return filled_ == 0 ? 0U : static_cast<uint8_t>(sum_[label] / filled_);
  }

 private:
  static constexpr int kNone = -1;

  void add(const int8_t* scores, bool unknown) {
    const bool full = filled_ == params_.smoothing;
    for (int c = 0; c < params_.classes; ++c) {
      const int level = unknown ? 0 : scores[c] - kScoreZeroPoint;
      if (full) {
        sum_[c] -= history_[newest_][c];
      }
      sum_[c] += level;
      history_[newest_][c] = static_cast<uint8_t>(level);
    }
    newest_ = (newest_ + 1) % params_.smoothing;
    filled_ = full ? filled_ : filled_ + 1;
  }

  bool reaches_threshold(int label) const { return sum_[label] >= params_.threshold[label] * filled_; }

  int best_label() const {
    int best = 0;
    for (int c = 1; c < params_.classes; ++c) {
      best = sum_[c] > sum_[best] ? c : best;
    }
    return best;
  }

  const DecisionParams& params_;
  int filled_ = 0;
  int newest_ = 0;
  int held_label_ = kNone;  // reported and not yet released
  bool refractory_ = false;
  uint32_t last_event_us_ = 0;
  int sum_[kMaxClasses] = {};
  uint8_t history_[kMaxSmoothing][kMaxClasses] = {};
};

}  // namespace imu_gesture
