// The last rows at the model rate.
#pragma once

namespace imu_gesture {

template <int kCapacity, int kMaxRowChannels>
class SlidingWindow {
 public:
  SlidingWindow(int samples, int channels) : samples_(samples), channels_(channels) {}

  void push(const float* row) {
    float* slot = rows_ + newest_ * channels_;
    for (int c = 0; c < channels_; ++c) {
      slot[c] = row[c];
    }
    newest_ = (newest_ + 1) % samples_;
  }

  // Row `index` of the window, oldest first; once `samples` were pushed.
  const float* row(int index) const { return rows_ + ((newest_ + index) % samples_) * channels_; }

 private:
  int samples_;
  int channels_;
  int newest_ = 0;  // slot the next row goes to; in a full window that is the oldest row's
  float rows_[kCapacity * kMaxRowChannels] = {};
};

}  // namespace imu_gesture
