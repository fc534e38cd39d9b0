// What hosts ask of boards: commands. Each lists its fields once, in wire order, and is answered by
// one Ack that carries its sequence number.
#pragma once

#include <stdint.h>
#include <string.h>

#include "calibration.h"
#include "contract.h"
#include "sha256.h"
#include "packet.h"
#include "packet_types.h"

namespace imu_gesture {

struct AskHello {  // answer: a Hello in front of the Ack
  static constexpr PacketType kType = PacketType::kAskHello;
  uint8_t oldest = kOldestProtocol;  // that the host speaks
  uint8_t newest = kProtocolVersion;
  uint8_t max_packet = kMaxPacket;  // that can reach the host; a board may not know its link's size

  template <typename Io>
  void fields(Io& io) {
    io(oldest, newest, max_packet);
  }
};

struct Start {  // data of the answer: next numbers of IMU and magnetometer samples u32, gestures and marks u16
  static constexpr PacketType kType = PacketType::kStart;
  uint8_t streams = kStreamImu;
  uint8_t recognise = 1;

  template <typename Io>
  void fields(Io& io) {
    io(streams, recognise);
  }
};

// A command that is all in its type.
template <PacketType kWhat>
struct Bare {
  static constexpr PacketType kType = kWhat;

  template <typename Io>
  void fields(Io&) {}
};

using Stop = Bare<PacketType::kStop>;  // data of the answer: as for Start
using Heartbeat = Bare<PacketType::kHeartbeat>;
using GetCalibration = Bare<PacketType::kGetCalibration>;  // data of the answer: a Calibration
using RunVector = Bare<PacketType::kRunVector>;            // data of the answer: int8 scores
using Reset = Bare<PacketType::kReset>;
using AskSelfTest = Bare<PacketType::kSelfTest>;           // data of the answer: a SelfTestResult

struct Identify {
  static constexpr PacketType kType = PacketType::kIdentify;
  uint8_t seconds = 5;

  template <typename Io>
  void fields(Io& io) {
    io(seconds);
  }
};

struct TimeProbe {  // data of the answer: nonce and device time, u32 each
  static constexpr PacketType kType = PacketType::kTimeProbe;
  uint32_t nonce = 0;

  template <typename Io>
  void fields(Io& io) {
    io(nonce);
  }
};

constexpr int kCalibrationFloats = 2 * (kAxes * kAxes + kAxes);  // matrix and offset, acc and gyr

struct Calibration {  // of SetCalibration, and as the data of the answer to GetCalibration
  static constexpr PacketType kType = PacketType::kSetCalibration;
  uint8_t calibration_id[kIdBytes] = {};
  float values[kCalibrationFloats] = {};
  uint8_t known = 1;  // as CalibrationParams::known

  template <typename Io>
  void fields(Io& io) {
    io(calibration_id, values, known);
  }
};

// A correction in the packet's order, and back.
inline void copy_fields(const CalibrationParams& from, Calibration* packet) {
  packet->known = from.known ? 1U : 0U;
  float* values = packet->values;
  const AffineParams* const sensors[] = {&from.acc, &from.gyr};
  for (const AffineParams* sensor : sensors) {
    values = static_cast<float*>(memcpy(values, sensor->matrix, sizeof sensor->matrix)) + kAxes * kAxes;
    values = static_cast<float*>(memcpy(values, sensor->offset, sizeof sensor->offset)) + kAxes;
  }
}
inline void copy_fields(const Calibration& packet, CalibrationParams* to) {
  to->known = packet.known != 0U;
  const float* values = packet.values;
  AffineParams* const sensors[] = {&to->acc, &to->gyr};
  for (AffineParams* sensor : sensors) {
    memcpy(sensor->matrix, values, sizeof sensor->matrix);
    memcpy(sensor->offset, values + kAxes * kAxes, sizeof sensor->offset);
    values += kAxes * kAxes + kAxes;
  }
}

struct GetLabel {  // data of the answer: UTF-8
  static constexpr PacketType kType = PacketType::kGetLabel;
  uint8_t index = 0;

  template <typename Io>
  void fields(Io& io) {
    io(index);
  }
};

struct WriteVector {  // bytes of an int8 model input, from `offset` on
  static constexpr PacketType kType = PacketType::kWriteVector;
  uint16_t offset = 0;
  uint8_t bytes[kMaxPayload] = {};
  uint8_t count = 0;  // told by the payload's length

  template <typename Io>
  void fields(Io& io) {
    io(offset);
    io.rest(bytes, count);
  }
};

constexpr uint8_t kFeedBegins = 1;
constexpr uint8_t kFeedEnds = 2;
constexpr int kFeedSampleBytes = 2 + 2 * 2 * kAxes;

// Samples for the recogniser in the place of the sensors', for a test: a time, then for each sample the
// microseconds since the one before and six counts. Data of the answer: a Trace since the test began.
struct Feed {
  static constexpr PacketType kType = PacketType::kFeed;
  uint8_t flags = 0;
  uint32_t device_time_us = 0;
  uint8_t samples[kMaxPayload] = {};
  uint8_t size = 0;  // told by the payload's length

  template <typename Io>
  void fields(Io& io) {
    io(flags, device_time_us);
    io.rest(samples, size);
  }
};

struct ReadInput {  // data of the answer: int8 bytes of the newest model input, from `offset` on
  static constexpr PacketType kType = PacketType::kReadInput;
  uint16_t offset = 0;

  template <typename Io>
  void fields(Io& io) {
    io(offset);
  }
};

constexpr int kKeyBytes = 32;
constexpr int kNonceBytes = 16;
constexpr int kTagBytes = 8;
constexpr uint8_t kKeyIsSet = 1;
constexpr uint8_t kKeyIsPrivate = 2;  // reading is for those who have the key, too

struct SetKey {  // over USB only; flags 0 forget the key
  static constexpr PacketType kType = PacketType::kSetKey;
  uint8_t key[kKeyBytes] = {};
  uint8_t flags = 0;

  template <typename Io>
  void fields(Io& io) {
    io(key, flags);
  }
};

struct Challenge {  // data of the answer: the board's number, and the start of HMAC(session key, "board")
  static constexpr PacketType kType = PacketType::kChallenge;
  uint8_t number[kNonceBytes] = {};

  template <typename Io>
  void fields(Io& io) {
    io(number);
  }
};

struct Sealed {  // another command; `tag` is the start of HMAC(session key, "command", counter, command, payload)
  static constexpr PacketType kType = PacketType::kSealed;
  uint32_t counter = 0;  // more than any before in this session
  uint8_t command = 0;
  uint8_t tag[kTagBytes] = {};
  uint8_t bytes[kMaxPayload] = {};
  uint8_t count = 0;  // told by the payload's length

  template <typename Io>
  void fields(Io& io) {
    io(counter, command, tag);
    io.rest(bytes, count);
  }
};

constexpr int kMaxSealed = kMaxPayload - 4 - 1 - kTagBytes;  // bytes of a command that can be sealed

struct BeginUpdate {  // of a model package; the answer says how much room there is, u32
  static constexpr PacketType kType = PacketType::kBeginUpdate;
  uint32_t size = 0;
  uint8_t sha256[kDigestBytes] = {};

  template <typename Io>
  void fields(Io& io) {
    io(size, sha256);
  }
};

struct WriteUpdate {  // the bytes that follow; data of the answer: how many have been taken, u32
  static constexpr PacketType kType = PacketType::kWriteUpdate;
  uint32_t offset = 0;
  uint8_t bytes[kMaxPayload] = {};
  uint8_t count = 0;  // told by the payload's length

  template <typename Io>
  void fields(Io& io) {
    io(offset);
    io.rest(bytes, count);
  }
};

using EndUpdate = Bare<PacketType::kEndUpdate>;  // data of the answer: UpdateResult u8
using RollBack = Bare<PacketType::kRollBack>;    // to the model before; data of the answer: UpdateResult u8
// Data of the answer: slot in use u8 (0xFF: the built-in model), room u32, taken u32.
using UpdateStatus = Bare<PacketType::kUpdateStatus>;

}  // namespace imu_gesture
