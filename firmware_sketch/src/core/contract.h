// Numbers that the board and the host must agree on. Python reads them from the binding.
#pragma once

#include <stdint.h>

namespace imu_gesture {

constexpr int kAxes = 3;
constexpr int kMaxChannels = 2 * kAxes;    // accelerometer, gyroscope
constexpr int kMaxClasses = 32;
constexpr int kMaxWindowSamples = 256;     // at the model rate
constexpr int kMaxSmoothing = 16;          // classifications averaged by the decision stage
constexpr int kMaxOutputs = 2 * kMaxClasses;  // scores and logits of a model
constexpr int kMaxQueuedEvents = 4;

// A softmax output is quantised as probability * 256 - 128 (TensorFlow Lite int8 specification).
constexpr int kScoreLevels = 256;
constexpr int kScoreZeroPoint = -128;
constexpr int kNever = kScoreLevels;       // a threshold no score reaches

// How uneven the logits of a known gesture may be, in parts of their step; with the most classes and spread
// its square still fits into 32 bits: (31 * 2047)^2 < 2^32.
constexpr uint32_t kSpreadSteps = 16;
constexpr int kMostSpread = 2047;

// Longer silence between two samples than this is a gap: nothing is interpolated across it.
constexpr uint32_t kDefaultMaxGapUs = 100000;

// The protocol (docs/protocol.md).
constexpr uint8_t kProtocolVersion = 1;
constexpr uint8_t kOldestProtocol = 1;
constexpr int kIdBytes = 8;
constexpr int kMaxPacket = 244;  // ArduinoBLE cuts longer notifications without a word
constexpr int kMinPacket = 100;  // a link that carries less cannot introduce a board
constexpr uint32_t kUnknownCount = 0xFFFFFFFFU;

// Bluetooth: one service, which never changes; another table would be another service's UUID.
constexpr char kBleService[] = "5eb8ffa9-e3ad-4b28-852e-99d158894218";
constexpr char kBleCommands[] = "5eb8ffaa-e3ad-4b28-852e-99d158894218";  // write with response
constexpr char kBlePackets[] = "5eb8ffab-e3ad-4b28-852e-99d158894218";   // notify
constexpr char kBleCard[] = "5eb8ffac-e3ad-4b28-852e-99d158894218";      // read: a Card

}  // namespace imu_gesture
