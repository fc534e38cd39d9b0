#pragma GCC optimize("fp-contract=off")
#include "bmm150.h"

#include "../core/clock.h"
#include "imu_chip.h"

namespace board {

constexpr uint8_t kAddress = 0x10;      // SDO and CSB low
constexpr uint8_t kChipId = 0x40;
constexpr uint8_t kDataX = 0x42;        // tables 6 to 13: x, y, z, hall resistance with DRDY
constexpr uint8_t kPower = 0x4B;
constexpr uint8_t kOpMode = 0x4C;
constexpr uint8_t kRepXy = 0x51;
constexpr uint8_t kRepZ = 0x52;
constexpr uint8_t kTrimXy1 = 0x5D;
constexpr uint8_t kTrimZ4 = 0x62;
constexpr uint8_t kTrimZ2 = 0x68;
constexpr uint8_t kId = 0x32;
constexpr uint8_t kSoftReset = 0x83;    // both reset bits, power stays on
constexpr uint8_t kPowerOn = 0x01;
constexpr uint8_t kNormal10Hz = 0x00;   // OPMODE normal, ODR 10 Hz
constexpr uint8_t kNewData = 0x01;
constexpr uint32_t kStartUs = 3000;     // from suspend to sleep
// Regular preset: 9 repetitions of x and y as 1 + 2 n, 15 of z as 1 + n.
constexpr uint8_t kRegularXy = 0x04;
constexpr uint8_t kRegularZ = 0x0E;
constexpr int32_t kMostRatio = 8192;    // half of one off: no sensor is
constexpr int16_t kOverflowXy = -4096;
constexpr int16_t kOverflowZ = -16384;

bool Bmm150::begin() {
  uint8_t id = 0;
  clock_.start(kRateHz);
  if (!bus_->write(kAddress, kPower, kPowerOn)) {
    return false;
  }
  bus_->wait_us(kStartUs);
  if (!bus_->write(kAddress, kPower, kSoftReset)) {
    return false;
  }
  bus_->wait_us(kStartUs);
  const RegisterValue registers[] = {
      {kPower, kPowerOn}, {kRepXy, kRegularXy}, {kRepZ, kRegularZ}, {kOpMode, kNormal10Hz}};
  return bus_->read(kAddress, kChipId, &id, 1) && id == kId && read_trim() &&
         write_and_check(bus_, kAddress, registers);
}

bool Bmm150::read_trim() {
  uint8_t xy1[2];
  uint8_t z4[4];
  uint8_t z2[10];
  if (!bus_->read(kAddress, kTrimXy1, xy1, sizeof xy1) ||
      !bus_->read(kAddress, kTrimZ4, z4, sizeof z4) ||
      !bus_->read(kAddress, kTrimZ2, z2, sizeof z2)) {
    return false;
  }
  trim_.x1 = static_cast<int8_t>(xy1[0]);
  trim_.y1 = static_cast<int8_t>(xy1[1]);
  trim_.z4 = int16_of(z4[0], z4[1]);
  trim_.x2 = static_cast<int8_t>(z4[2]);
  trim_.y2 = static_cast<int8_t>(z4[3]);
  trim_.z2 = int16_of(z2[0], z2[1]);
  trim_.z1 = static_cast<uint16_t>(int16_of(z2[2], z2[3]));
  trim_.xyz1 = static_cast<uint16_t>(int16_of(z2[4], z2[5]) & 0x7FFF);
  trim_.z3 = int16_of(z2[6], z2[7]);
  trim_.xy2 = static_cast<int8_t>(z2[8]);
  trim_.xy1 = z2[9];
  return true;
}

bool Bmm150::read(imu_gesture::RawMagSample* sample) {
  const uint32_t began_us = bus_->now_us();
  if (imu_gesture::elapsed_us(looked_us_, began_us) < kMagLookUs) {
    return false;
  }
  looked_us_ = began_us;
  uint8_t data[8];
  if (!bus_->read(kAddress, kDataX, data, sizeof data)) {
    return false;
  }
  const Look look = {began_us, bus_->now_us(), 0U};
  if ((data[6] & kNewData) == 0U) {
    clock_.saw_none(look);
    return false;
  }
  const bool is_timed = clock_.saw_one(look);
  // 13, 13, 15 and 14 bits, at the top of their words.
  const Bmm150Raw raw = {static_cast<int16_t>(int16_of(data[0], data[1]) >> 3),
                         static_cast<int16_t>(int16_of(data[2], data[3]) >> 3),
                         static_cast<int16_t>(int16_of(data[4], data[5]) >> 1),
                         static_cast<uint16_t>(((data[7] << 8) | data[6]) >> 2)};
  int16_t chip[3];
  if (!compensate(trim_, raw, chip) || !is_timed) {
    return false;
  }
  to_board(kBmm150, chip, sample->counts);
  sample->device_time_us = clock_.time_us(0);
  return true;
}

// `gain`: of the hall resistance; `d1`, `d2`: trim of this axis.
static int16_t compensate_xy(int16_t raw, int32_t gain, int8_t d1, int8_t d2) {
  const int32_t scale = gain * (d2 + 160) / 4096;
  return int16_saturated(static_cast<int32_t>(static_cast<int64_t>(raw) * scale / 8192) + d1 * 8);
}

bool compensate(const Bmm150Trim& trim, const Bmm150Raw& raw, int16_t* counts) {
  const int32_t hall = raw.hall;
  const int64_t twice = static_cast<int64_t>(trim.z1) * 2 * hall;
  const int32_t slope = trim.z2 + static_cast<int32_t>((twice + 32768) / 65536);
  const bool overflowed = raw.x == kOverflowXy || raw.y == kOverflowXy || raw.z == kOverflowZ;
  const int32_t ratio = trim.xyz1 * 16384 / (hall == 0 ? 1 : hall) - 16384;
  if (overflowed || ratio < -kMostRatio || ratio > kMostRatio || slope == 0) {
    return false;
  }
  const int32_t gain = (trim.xy2 * (ratio * ratio / 128) + ratio * trim.xy1 * 128) / 512 + 0x100000;
  counts[0] = compensate_xy(raw.x, gain, trim.x1, trim.x2);
  counts[1] = compensate_xy(raw.y, gain, trim.y1, trim.y2);
  const int64_t across = static_cast<int64_t>(trim.z3) * (hall - trim.xyz1) / 4;
  const int64_t field = static_cast<int64_t>(raw.z - trim.z4) * 32768 - across;
  counts[2] = int16_saturated(static_cast<int32_t>(field / slope));
  return true;
}

}  // namespace board
