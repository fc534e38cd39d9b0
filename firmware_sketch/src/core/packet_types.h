// Kinds of packets, and what their codes mean.
#pragma once

#include <stdint.h>

#include "contract.h"

namespace imu_gesture {

enum class PacketType : uint8_t {
  // Board to host.
  kHello = 0x01,
  kImuBlock = 0x02,
  kMagBlock = 0x03,
  kTemperature = 0x04,
  kGesture = 0x05,
  kScores = 0x06,
  kMark = 0x07,
  kHealth = 0x08,
  kAck = 0x09,
  kLog = 0x0A,
  kDrift = 0x0B,
  // Host to board.
  kAskHello = 0x81,
  kStart = 0x82,
  kStop = 0x83,
  kHeartbeat = 0x84,
  kIdentify = 0x85,
  kTimeProbe = 0x86,
  kGetCalibration = 0x87,
  kSetCalibration = 0x88,
  kGetLabel = 0x89,
  kWriteVector = 0x8A,
  kRunVector = 0x8B,
  kReset = 0x8C,
  kFeed = 0x8D,
  kReadInput = 0x8E,
  kSelfTest = 0x8F,
  kSealed = 0x90,
  kSetKey = 0x91,
  kChallenge = 0x92,
  kBeginUpdate = 0x93,
  kWriteUpdate = 0x94,
  kEndUpdate = 0x95,
  kUpdateStatus = 0x96,
  kRollBack = 0x97,
};

// Bits of Start::streams and Hello::sensors.
enum Stream : uint8_t {
  kStreamImu = 1,
  kStreamMag = 2,
  kStreamTemperature = 4,
  kStreamGestures = 8,
  kStreamScores = 16,
  kStreamDrift = 32,
};

enum class AckStatus : uint8_t {
  kDone = 0,
  kUnknownCommand = 1,
  kBadArgument = 2,
  kUnsupportedProtocol = 3,
  kLinkTooNarrow = 4,
  kBusy = 5,
  kFailed = 6,
  kForbidden = 7,  // to who has not proved a key
};

enum class ResetCause : uint8_t { kUnknown = 0, kPower = 1, kPin = 2, kSoftware = 3, kWatchdog = 4, kLockup = 5 };

}  // namespace imu_gesture
