#pragma GCC optimize("fp-contract=off")
#include "bmi270.h"

#include <string.h>

#include "bmi270_image.h"

namespace board {

using namespace bmi270;

constexpr uint32_t kTurnOnUs = 100000;  // gyroscope start-up, and the filters'
constexpr uint32_t kRaceUs = 300;       // from a tick of the sensor time to its frame in the FIFO
constexpr uint8_t kWatermarkFrames = 16;

static uint32_t ticks_of(const uint8_t* bytes) {
  return bytes[0] | (static_cast<uint32_t>(bytes[1]) << 8) | (static_cast<uint32_t>(bytes[2]) << 16);
}

ImuError Bmi270::begin(const ImuSettings& settings) {
  uint8_t id = 0;
  if (!bus_->read(kAddress, kChipId, &id, 1)) {
    return ImuError::kNoAnswer;
  }
  if (id != kId) {
    return ImuError::kOtherChip;
  }
  description_ = ImuDescription();
  description_.revision = 2;
  if (!load_bmi270_image(bus_, &cross_zx_)) {
    return ImuError::kNoImage;
  }
  if (!start(settings)) {
    return ImuError::kSettings;
  }
  if (mag_.begin()) {
    description_.mag_ut_per_lsb = Bmm150::kUtPerLsb;
    description_.mag_rate_hz = Bmm150::kRateHz;
  }
  bus_->wait_us(kTurnOnUs);
  clock_.start(description_.rate_hz);
  in_step_ = start_fifo();
  return in_step_ ? ImuError::kNone : ImuError::kSettings;
}

bool Bmi270::start(const ImuSettings& settings) {
  const Choice rate = kRates[static_cast<int>(settings.rate)];
  const Choice acc = kAccRanges[static_cast<int>(settings.acc)];
  const Choice gyr = kGyrRanges[static_cast<int>(settings.gyr)];
  description_.rate_hz = rate.value;
  description_.acc_g_per_lsb = acc.value;
  description_.gyr_dps_per_lsb = gyr.value;
  ticks_per_sample_ = kTicksPerS / static_cast<uint32_t>(rate.value);
  if (!bus_->write(kAddress, kPwrConf, kAwake)) {
    return false;
  }
  bus_->wait_us(1000);  // 450 us until registers may follow each other
  const RegisterValue registers[] = {
      {kAccConf, static_cast<uint8_t>(kAccNormal | rate.bits)},
      {kAccRange, acc.bits},
      {kGyrConf, static_cast<uint8_t>(kGyrNormal | rate.bits)},
      {kGyrRange, gyr.bits},
      {kFifoWtm0, static_cast<uint8_t>(kWatermarkFrames * kFrameBytes)},
      {kFifoWtm1, 0},
      {kFifoConfig0, kFifoStream},
      {kFifoConfig1, kFifoFrames},
      {kPwrCtrl, kAccGyrTemp},
  };
  return write_and_check(bus_, kAddress, registers);
}

bool Bmi270::start_fifo() {
  unread_ = 0;
  unseen_ = 0;
  held_ = 0;
  next_ = 0;
  uint8_t time[3];
  if (!bus_->write(kAddress, kCmd, kFifoFlush) ||
      !bus_->read(kAddress, kSensorTime, time, sizeof time)) {
    return false;
  }
  ticks_ = ticks_of(time);
  return true;
}

// Empties the FIFO after a transfer failed: nobody knows what was taken out. What it held, and what
// came since by the clock, is lost.
void Bmi270::resync() {
  lost_ += unread_;
  const uint32_t began_us = bus_->now_us();
  in_step_ = start_fifo();
  lost_ += clock_.saw_emptied({began_us, bus_->now_us(), 0U});
}

bool Bmi270::read(imu_gesture::RawSample* sample) {
  if (next_ == held_ && unread_ > 0U && !fetch_more()) {
    resync();
    return false;
  }
  if (next_ == held_ && !look()) {
    return false;
  }
  const uint8_t* data = samples_[next_++];
  int16_t gyr[imu_gesture::kAxes];
  for (int i = 0; i < imu_gesture::kAxes; ++i) {
    gyr[i] = int16_of(data[2 * i], data[2 * i + 1]);
  }
  gyr[0] = int16_saturated(gyr[0] - cross_zx_ * gyr[2] / kCrossPerOne);
  to_board(kBmi270, gyr, sample->counts + imu_gesture::kAxes);
  read_axes(kBmi270, data + 6, sample->counts);
  sample->device_time_us = clock_.time_us(unread_ + static_cast<uint32_t>(held_ - next_));
  return true;
}

// Sensor time, temperature and fill of the FIFO in one read, then the first of what waits there,
// which also tells how many samples are missing.
bool Bmi270::look() {
  if (!in_step_) {
    resync();
    return false;
  }
  uint8_t state[kFifoLength + 2 - kSensorTime];
  const uint32_t began_us = bus_->now_us();
  if (!bus_->read(kAddress, kSensorTime, state, sizeof state)) {
    return false;
  }
  const uint32_t ended_us = bus_->now_us();
  const uint32_t told_us = began_us + (ended_us - began_us) / 2U;  // the time is in the first half
  const uint8_t* length = state + (kFifoLength - kSensorTime);
  const uint32_t waiting = (length[0] | ((length[1] & 0x3FU) << 8)) / kFrameBytes;
  const uint32_t ticks = ticks_of(state);
  const uint32_t most = kTickMask / ticks_per_sample_;
  const uint32_t passed = (ticks / ticks_per_sample_ - ticks_ / ticks_per_sample_) & most;
  ticks_ = ticks;
  unread_ = waiting;
  uint32_t lost = 0;
  if (!fetch(&lost)) {
    unread_ = 0;  // not seen by the clock yet
    resync();
    return false;
  }
  const bool counted = lost < kSkipMost || passed < waiting + lost + unseen_;
  const uint32_t taken = counted ? waiting + lost + unseen_ : passed;
  lost_ += taken - waiting - unseen_;
  unseen_ = 0;
  const uint32_t age = age_us(ticks);
  clock_.saw(taken, {began_us, age > 0U ? told_us : ended_us, age});
  return held_ > 0;
}

// How old the newest sample was at sensor time `ticks`; 0 when it cannot be told which one that is.
uint32_t Bmi270::age_us(uint32_t ticks) const {
  const uint32_t period_us = clock_.period_us();
  const uint32_t age = ticks % ticks_per_sample_ * period_us / ticks_per_sample_;
  return age < kRaceUs || age + kRaceUs > period_us ? 0U : age;
}

// Some may have been overwritten while the ones before were read.
bool Bmi270::fetch_more() {
  uint32_t skipped = 0;
  const bool fetched = fetch(&skipped);
  const uint32_t known = skipped < unread_ ? skipped : unread_;
  lost_ += skipped;
  unread_ -= known;
  unseen_ += skipped - known;
  return fetched;
}

// Takes as many of the unread frames as a transfer holds; `skipped`: the chip says it has.
bool Bmi270::fetch(uint32_t* skipped) {
  uint8_t data[kMostFrames * kFrameBytes];
  const int frames = unread_ < kMostFrames ? static_cast<int>(unread_) : kMostFrames;
  const int size = frames * kFrameBytes;
  next_ = 0;
  held_ = 0;
  if (size > 0 && !bus_->read(kAddress, kFifoData, data, size)) {
    return false;
  }
  int at = 0;
  for (int step = 1; at < size && step > 0; at += step) {
    step = frame_bytes(data + at, size - at, skipped);
  }
  unread_ = held_ == 0 ? 0U : unread_ - static_cast<uint32_t>(held_);
  return true;
}

// Takes the frame at `frame` in; its length, 0 when it is the last: cut off, empty or unknown. A
// frame that is cut off comes again.
int Bmi270::frame_bytes(const uint8_t* frame, int left, uint32_t* skipped) {
  switch (frame[0] & ~kFrameTags) {
    case kFrameGyrAcc:
      if (left >= kFrameBytes) {
        memcpy(samples_[held_++], frame + 1, kFrameBytes - 1);
      }
      return left >= kFrameBytes ? kFrameBytes : 0;
    case kFrameSkip:
      *skipped += left >= 2 ? frame[1] : 0U;
      return 2;
    case kFrameGyr:
    case kFrameAcc:
      return 7;
    case kFrameTime:
      return 4;
    case kFrameConfig:
      return 5;
    default:
      return 0;
  }
}

uint32_t Bmi270::take_lost() {
  const uint32_t lost = lost_;
  lost_ = 0;
  return lost;
}

bool Bmi270::read_mag(imu_gesture::RawMagSample* sample) {
  return description_.mag_rate_hz > 0.0F && mag_.read(sample);
}

bool Bmi270::read_temperature(int16_t* centi_c) {
  uint8_t data[2];
  if (!bus_->read(kAddress, kTemperature, data, sizeof data)) {
    return false;
  }
  const int16_t count = int16_of(data[0], data[1]);
  *centi_c = static_cast<int16_t>(kTempZeroCentiC + count * 100 / kTempPerK);
  return count != kTempInvalid;
}

}  // namespace board
