// What hosts ask of boards: commands. Each lists its fields once, in wire order, and is answered by
// one Ack that carries its sequence number.
#pragma once

#include <stdint.h>
#include <string.h>

#include "calibration.h"
#include "contract.h"
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

}  // namespace imu_gesture
