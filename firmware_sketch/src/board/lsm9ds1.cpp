#pragma GCC optimize("fp-contract=off")
#include "lsm9ds1.h"

#include "../core/clock.h"

namespace board {

using namespace lsm9ds1;

constexpr uint32_t kResetUs = 10000;
constexpr uint32_t kTurnOnUs = 100000;  // until the gyroscope has settled
constexpr uint8_t kWatermark = 16;      // half: for an interrupt, and seen in FIFO_SRC

ImuError Lsm9ds1::begin(const ImuSettings& settings) {
  uint8_t id = 0;
  if (!bus_->read(kAccGyr, kWhoAmI, &id, 1)) {
    return ImuError::kNoAnswer;
  }
  if (id != kAccGyrId) {
    return ImuError::kOtherChip;
  }
  description_ = ImuDescription();
  description_.revision = 1;
  if (!reset() || !start_acc_gyr(settings)) {
    return ImuError::kSettings;
  }
  if (start_mag()) {
    description_.mag_ut_per_lsb = kMagUtPerLsb;
    description_.mag_rate_hz = kMagRateHz;
  }
  bus_->wait_us(kTurnOnUs);
  clock_.start(description_.rate_hz);
  in_step_ = start_fifo();
  return in_step_ ? ImuError::kNone : ImuError::kSettings;
}

// Both halves forget what an earlier program set: a reset of the board does not reset the chip.
bool Lsm9ds1::reset() {
  if (!bus_->write(kAccGyr, kCtrlReg8, kSoftwareReset | kIncrement)) {
    return false;
  }
  bus_->write(kMag, kCtrlReg2M, kMagSoftReset);
  bus_->wait_us(kResetUs);
  return true;
}

bool Lsm9ds1::start_acc_gyr(const ImuSettings& settings) {
  const Choice rate = kRates[static_cast<int>(settings.rate)];
  const Choice acc = kAccRanges[static_cast<int>(settings.acc)];
  const Choice gyr = kGyrRanges[static_cast<int>(settings.gyr)];
  description_.rate_hz = rate.value;
  description_.acc_g_per_lsb = acc.value;
  description_.gyr_dps_per_lsb = gyr.value;
  const RegisterValue registers[] = {
      {kCtrlReg8, kBlockUpdate | kIncrement},
      {kCtrlReg4, kAllAxes},
      {kCtrlReg5Xl, kAllAxes},
      {kCtrlReg2G, 0},  // LPF1 alone, the wider band
      {kCtrlReg3G, 0},  // no low power, no high pass
      {kCtrlReg7Xl, 0},
      {kCtrlReg6Xl, static_cast<uint8_t>(rate.bits | acc.bits)},
      {kCtrlReg1G, static_cast<uint8_t>(rate.bits | gyr.bits)},
  };
  return write_and_check(bus_, kAccGyr, registers);
}

bool Lsm9ds1::start_mag() {
  uint8_t id = 0;
  const RegisterValue registers[] = {
      {kCtrlReg1M, kMagUltraXy | kMag20Hz}, {kCtrlReg2M, 0}, {kCtrlReg4M, kMagUltraZ},
      {kCtrlReg5M, kBlockUpdate},           {kCtrlReg3M, 0},
  };
  mag_clock_.start(kMagRateHz);
  return bus_->read(kMag, kWhoAmI, &id, 1) && id == kMagId &&
         write_and_check(bus_, kMag, registers);
}

// Through bypass, which empties it.
bool Lsm9ds1::start_fifo() {
  const RegisterValue registers[] = {
      {kFifoCtrl, 0}, {kCtrlReg9, kFifoEnable}, {kFifoCtrl, kFifoContinuous | kWatermark}};
  unread_ = 0;
  return write_and_check(bus_, kAccGyr, registers);
}

// Starts the FIFO anew after a transfer failed: its two halves may be out of step. What it held, and
// what came since by the clock, is lost.
void Lsm9ds1::resync() {
  lost_ += unread_;
  const uint32_t began_us = bus_->now_us();
  in_step_ = start_fifo();
  lost_ += clock_.saw_emptied({began_us, bus_->now_us(), 0U});
}

bool Lsm9ds1::read(imu_gesture::RawSample* sample) {
  if (unread_ == 0U && !look()) {
    return false;
  }
  // Two reads, one a sensor: right whether or not a longer one would run on from one to the other.
  uint8_t gyr[6];
  uint8_t acc[6];
  if (!bus_->read(kAccGyr, kOutXLG, gyr, sizeof gyr) ||
      !bus_->read(kAccGyr, kOutXLXl, acc, sizeof acc)) {
    resync();
    return false;
  }
  read_axes(kLsm9ds1AccGyr, acc, sample->counts);
  read_axes(kLsm9ds1AccGyr, gyr, sample->counts + imu_gesture::kAxes);
  sample->device_time_us = clock_.time_us(--unread_);
  return true;
}

bool Lsm9ds1::look() {
  if (!in_step_) {
    resync();
    return false;
  }
  const uint32_t began_us = bus_->now_us();
  uint8_t source = 0;
  if (!bus_->read(kAccGyr, kFifoSrc, &source, 1)) {
    return false;
  }
  const uint32_t ended_us = bus_->now_us();
  unread_ = source & kFifoUnread;
  uint32_t lost = 0;
  if ((source & kFifoOverrun) != 0U) {  // says that, not how many
    const uint32_t taken = clock_.taken_until(ended_us);
    lost = taken > unread_ ? taken - unread_ : 1U;
  }
  lost_ += lost;
  clock_.saw(unread_ + lost, {began_us, ended_us, 0U});
  return unread_ > 0U;
}

uint32_t Lsm9ds1::take_lost() {
  const uint32_t lost = lost_;
  lost_ = 0;
  return lost;
}

bool Lsm9ds1::read_mag(imu_gesture::RawMagSample* sample) {
  const uint32_t began_us = bus_->now_us();
  const bool too_soon = imu_gesture::elapsed_us(mag_looked_us_, began_us) < kMagLookUs;
  if (description_.mag_rate_hz == 0.0F || too_soon) {
    return false;
  }
  mag_looked_us_ = began_us;
  uint8_t status = 0;
  if (!bus_->read(kMag, kStatusRegM, &status, 1)) {
    return false;
  }
  const Look look = {began_us, bus_->now_us(), 0U};
  if ((status & kMagNewData) == 0U) {
    mag_clock_.saw_none(look);
    return false;
  }
  const bool is_timed = mag_clock_.saw_one(look);
  uint8_t data[6];
  if (!bus_->read(kMag, kOutXLM | kMagIncrement, data, sizeof data) || !is_timed) {
    return false;
  }
  read_axes(kLsm9ds1Mag, data, sample->counts);
  sample->device_time_us = mag_clock_.time_us(0);
  return true;
}

bool Lsm9ds1::read_temperature(int16_t* centi_c) {
  uint8_t data[2];
  if (!bus_->read(kAccGyr, kOutTempL, data, sizeof data)) {
    return false;
  }
  *centi_c = static_cast<int16_t>(kTempZeroCentiC + int16_of(data[0], data[1]) * 100 / kTempPerK);
  return true;
}

}  // namespace board
