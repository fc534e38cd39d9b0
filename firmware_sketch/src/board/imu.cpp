#pragma GCC optimize("fp-contract=off")
#include "imu.h"

#include "../core/clock.h"

namespace board {

using imu_gesture::elapsed_us;

constexpr uint32_t kSilenceUs = 250000;
constexpr uint32_t kRestartUs = 1000000;
constexpr uint32_t kTries = 2;  // restarts in vain before anybody hears of it
constexpr uint32_t kTemperatureUs = 1000000;

ImuError Imu::begin(const ImuSettings& settings) {
  ImuChip* const chips[] = {&lsm9ds1_, &bmi270_};
  settings_ = settings;
  error_ = ImuError::kNoAnswer;
  for (ImuChip* chip : chips) {
    error_ = chip->begin(settings);
    if (error_ != ImuError::kNoAnswer) {
      chip_ = error_ == ImuError::kNone ? chip : nullptr;
      description_ = chip->description();
      break;
    }
  }
  heard();
  restarted_us_ = heard_us_;
  temperature_us_ = heard_us_;
  return error_;
}

void Imu::heard() {
  heard_us_ = bus_->now_us();
  in_vain_ = 0;
}

// A chip that lost its supply answers again, but has forgotten its settings.
void Imu::watch() {
  const uint32_t now_us = bus_->now_us();
  if (elapsed_us(heard_us_, now_us) > kSilenceUs && elapsed_us(restarted_us_, now_us) > kRestartUs) {
    error_ = chip_->begin(settings_);
    restarted_us_ = bus_->now_us();
    ++restarts_;
    ++in_vain_;
  }
}

const char* Imu::problem() const {
  if (error_ == ImuError::kNone) {
    return in_vain_ > kTries ? "the IMU answers but gives no samples" : nullptr;
  }
  return chip_ != nullptr && in_vain_ < kTries ? nullptr : text_of(error_);
}

bool Imu::temperature_is_due() {
  const bool due = elapsed_us(temperature_us_, bus_->now_us()) >= kTemperatureUs;
  temperature_us_ += due ? kTemperatureUs : 0U;
  return due;
}

}  // namespace board
