// The last rows at the model rate, handed out every `hop_samples`.
#pragma once

#include "contract.h"

namespace imu_gesture {

struct WindowParams {
  int samples = 50;
  int hop_samples = 5;
};

template <int kCapacity, int kMaxRowChannels>
class SlidingWindow {
 public:
  SlidingWindow(const WindowParams& params, int channels) : params_(params), channels_(channels) {}

  void reset() {
    filled_ = 0;
    newest_ = 0;
    until_due_ = 0;
  }

  // Takes one row; true when a whole window is due.
  bool push(const float* row) {
    float* slot = rows_ + newest_ * channels_;
    for (int c = 0; c < channels_; ++c) {
      slot[c] = row[c];
    }
    newest_ = (newest_ + 1) % params_.samples;
    if (filled_ < params_.samples) {
      ++filled_;
    }
    if (filled_ < params_.samples) {
      return false;
    }
    if (until_due_ > 0) {
      --until_due_;
      return false;
    }
    until_due_ = params_.hop_samples - 1;
    return true;
  }

  // Row `index` of the window, oldest first.
  const float* row(int index) const { return rows_ + ((newest_ + index) % params_.samples) * channels_; }

 private:
  WindowParams params_;
  int channels_;
  int filled_ = 0;
  int newest_ = 0;     // slot the next row goes to; in a full window that is the oldest row's
  int until_due_ = 0;  // rows to come before the next window is due
  float rows_[kCapacity * kMaxRowChannels] = {};
};

}  // namespace imu_gesture
