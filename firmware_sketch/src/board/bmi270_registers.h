// Bosch BMI270: addresses, registers and values. Tables and sections are those of datasheet
// BST-BMI270-DS000.
#pragma once

#include <stdint.h>

namespace board {
namespace bmi270 {

constexpr uint8_t kAddress = 0x68;  // SDO low

// Section 5.2, register map.
constexpr uint8_t kChipId = 0x00;
constexpr uint8_t kSensorTime = 0x18;      // 3 bytes; then to FIFO_LENGTH in one read
constexpr uint8_t kTemperature = 0x22;
constexpr uint8_t kFifoLength = 0x24;
constexpr uint8_t kFifoData = 0x26;
constexpr uint8_t kAccConf = 0x40;
constexpr uint8_t kAccRange = 0x41;
constexpr uint8_t kGyrConf = 0x42;
constexpr uint8_t kGyrRange = 0x43;
constexpr uint8_t kFifoWtm0 = 0x46;
constexpr uint8_t kFifoWtm1 = 0x47;
constexpr uint8_t kFifoConfig0 = 0x48;
constexpr uint8_t kFifoConfig1 = 0x49;
constexpr uint8_t kPwrConf = 0x7C;
constexpr uint8_t kPwrCtrl = 0x7D;
constexpr uint8_t kCmd = 0x7E;

constexpr uint8_t kId = 0x24;
constexpr uint8_t kAwake = 0x02;           // PWR_CONF: no advanced power save
constexpr uint8_t kAccGyrTemp = 0x0E;      // PWR_CTRL: accelerometer, gyroscope, temperature
constexpr uint8_t kAccNormal = 0xA0;       // ACC_CONF: performance, no oversampling
constexpr uint8_t kGyrNormal = 0xE0;       // GYR_CONF: performance, low noise, no oversampling
constexpr uint8_t kFifoStream = 0x00;      // FIFO_CONFIG_0: the oldest gives way, no time frames
constexpr uint8_t kFifoFrames = 0xD0;      // FIFO_CONFIG_1: gyroscope, accelerometer, headers
constexpr uint8_t kFifoFlush = 0xB0;       // CMD

// Section 4.7, frames in header mode. A gyroscope's reading comes before the accelerometer's.
constexpr uint8_t kFrameTags = 0x03;       // header: interrupt tags, not of interest
constexpr uint8_t kFrameGyrAcc = 0x8C;
constexpr uint8_t kFrameGyr = 0x88;
constexpr uint8_t kFrameAcc = 0x84;
constexpr uint8_t kFrameSkip = 0x40;
constexpr uint8_t kFrameTime = 0x44;
constexpr uint8_t kFrameConfig = 0x48;
constexpr int kFrameBytes = 13;
constexpr uint8_t kSkipMost = 0xFF;        // a skip frame counts no further

struct Choice {
  uint8_t bits;
  float value;
};

// By ImuRate: ACC_CONF.acc_odr and GYR_CONF.gyr_odr.
constexpr Choice kRates[] = {{0x08, 100.0F}, {0x09, 200.0F}, {0x0A, 400.0F}, {0x0B, 800.0F}};
// By AccRange: ACC_RANGE, and table 2: 16384, 8192, 4096, 2048 LSB/g.
constexpr Choice kAccRanges[] = {
    {0, 1.0F / 16384.0F}, {1, 1.0F / 8192.0F}, {2, 1.0F / 4096.0F}, {3, 1.0F / 2048.0F}};
// By GyrRange: GYR_RANGE, and table 3: 131.072, 65.536, 16.384 LSB/(deg/s).
constexpr Choice kGyrRanges[] = {{3, 1.0F / 131.072F}, {2, 1.0F / 65.536F}, {0, 1.0F / 16.384F}};

// Sensor time: 24 bits of 39.0625 us, that is 25 600 Hz; samples fall on its multiples.
constexpr uint32_t kTicksPerS = 25600;
constexpr uint32_t kTickMask = 0xFFFFFF;

// Temperature: 1/512 K a count, zero at 23 degrees; 0x8000 is no reading.
constexpr int32_t kTempPerK = 512;
constexpr int32_t kTempZeroCentiC = 2300;
constexpr int16_t kTempInvalid = INT16_MIN;

constexpr int32_t kCrossPerOne = 512;  // GYR_CAS.factor_zx

}  // namespace bmi270
}  // namespace board
