// ST LSM9DS1: addresses, registers and values. Tables are those of datasheet DocID025715 Rev 3.
#pragma once

#include <stdint.h>

namespace board {
namespace lsm9ds1 {

// Tables 19 and 20 with both address pins high, as on the board.
constexpr uint8_t kAccGyr = 0x6B;
constexpr uint8_t kMag = 0x1E;

// Table 21, accelerometer and gyroscope.
constexpr uint8_t kWhoAmI = 0x0F;
constexpr uint8_t kCtrlReg1G = 0x10;
constexpr uint8_t kCtrlReg2G = 0x11;
constexpr uint8_t kCtrlReg3G = 0x12;
constexpr uint8_t kOutTempL = 0x15;
constexpr uint8_t kOutXLG = 0x18;
constexpr uint8_t kCtrlReg4 = 0x1E;
constexpr uint8_t kCtrlReg5Xl = 0x1F;
constexpr uint8_t kCtrlReg6Xl = 0x20;
constexpr uint8_t kCtrlReg7Xl = 0x21;
constexpr uint8_t kCtrlReg8 = 0x22;
constexpr uint8_t kCtrlReg9 = 0x23;
constexpr uint8_t kOutXLXl = 0x28;
constexpr uint8_t kFifoCtrl = 0x2E;
constexpr uint8_t kFifoSrc = 0x2F;
constexpr uint8_t kAccGyrId = 0x68;

// Table 22, magnetometer.
constexpr uint8_t kCtrlReg1M = 0x20;
constexpr uint8_t kCtrlReg2M = 0x21;
constexpr uint8_t kCtrlReg3M = 0x22;
constexpr uint8_t kCtrlReg4M = 0x23;
constexpr uint8_t kCtrlReg5M = 0x24;
constexpr uint8_t kStatusRegM = 0x27;
constexpr uint8_t kOutXLM = 0x28;
constexpr uint8_t kMagId = 0x3D;
constexpr uint8_t kMagIncrement = 0x80;  // section 5.1: top bit of the subaddress

// Fields of the registers, described in sections 7 and 8.
constexpr uint8_t kSoftwareReset = 0x01;  // CTRL_REG8
constexpr uint8_t kIncrement = 0x04;      // CTRL_REG8 IF_ADD_INC
constexpr uint8_t kBlockUpdate = 0x40;    // CTRL_REG8 BDU, CTRL_REG5_M BDU
constexpr uint8_t kAllAxes = 0x38;        // CTRL_REG4, CTRL_REG5_XL
constexpr uint8_t kFifoEnable = 0x02;     // CTRL_REG9
constexpr uint8_t kFifoContinuous = 0xC0;  // FIFO_CTRL FMODE = 110
constexpr uint8_t kFifoOverrun = 0x40;    // FIFO_SRC OVRN
constexpr uint8_t kFifoUnread = 0x3F;     // FIFO_SRC FSS
constexpr uint8_t kMagSoftReset = 0x04;   // CTRL_REG2_M
constexpr uint8_t kMagUltraXy = 0xE0;     // CTRL_REG1_M: temperature compensation, OM = 11
constexpr uint8_t kMag20Hz = 0x14;        // CTRL_REG1_M: DO = 101
constexpr uint8_t kMagUltraZ = 0x0C;      // CTRL_REG4_M: OMZ = 11
constexpr uint8_t kMagNewData = 0x08;     // STATUS_REG_M ZYXDA

struct Choice {
  uint8_t bits;
  float value;
};

// By ImuRate: ODR_G (CTRL_REG1_G) and ODR_XL (CTRL_REG6_XL). Both run at the gyroscope's rate.
constexpr Choice kRates[] = {{0x60, 119.0F}, {0x80, 238.0F}, {0xA0, 476.0F}, {0xC0, 952.0F}};
// By AccRange: FS_XL (CTRL_REG6_XL) and LA_So (table 3). 16 g is out of line there, too.
constexpr Choice kAccRanges[] = {
    {0x00, 0.000061F}, {0x10, 0.000122F}, {0x18, 0.000244F}, {0x08, 0.000732F}};
// By GyrRange: FS_G (CTRL_REG1_G) and G_So (table 3).
constexpr Choice kGyrRanges[] = {{0x00, 0.00875F}, {0x08, 0.0175F}, {0x18, 0.070F}};
// At 4 gauss, CTRL_REG2_M = 0: M_GN = 0.14 mgauss (table 3).
constexpr float kMagUtPerLsb = 0.014F;
constexpr float kMagRateHz = 20.0F;

// Table 5: 16 counts a degree, zero at 25 degrees.
constexpr int32_t kTempPerK = 16;
constexpr int32_t kTempZeroCentiC = 2500;

}  // namespace lsm9ds1
}  // namespace board
