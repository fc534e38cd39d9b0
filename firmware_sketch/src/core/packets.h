// What boards and hosts say to each other. Each packet lists its fields once, in wire order.
#pragma once

#include <stdint.h>

#include "contract.h"
#include "fields.h"
#include "packet.h"

namespace imu_gesture {

constexpr uint8_t kProtocolVersion = 1;
constexpr uint8_t kOldestProtocol = 1;
constexpr int kIdBytes = 8;

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
};

// Bits of Start::streams and Hello::sensors.
enum Stream : uint8_t {
  kStreamImu = 1,
  kStreamMag = 2,
  kStreamTemperature = 4,
  kStreamGestures = 8,
  kStreamScores = 16,
};

enum class AckStatus : uint8_t {
  kDone = 0,
  kUnknownCommand = 1,
  kBadArgument = 2,
  kUnsupportedProtocol = 3,
  kLinkTooNarrow = 4,
  kBusy = 5,
  kFailed = 6,
};

enum class ResetCause : uint8_t { kUnknown = 0, kPower = 1, kPin = 2, kSoftware = 3, kWatchdog = 4, kLockup = 5 };

struct Hello {
  static constexpr PacketType kType = PacketType::kHello;
  uint8_t protocol = kProtocolVersion;
  uint8_t board_revision = 0;  // 1: LSM9DS1; 2: BMI270 and BMM150
  uint8_t firmware[3] = {0, 0, 0};
  uint8_t device_id[kIdBytes] = {};
  uint32_t boot_count = 0;
  uint32_t previous_samples = 0;  // numbered before the last reset; kUnknownCount after power-up
  uint8_t reset_cause = 0;
  uint8_t sensors = 0;
  float acc_g_per_lsb = 0.0F;
  float gyr_dps_per_lsb = 0.0F;
  float mag_ut_per_lsb = 0.0F;
  float imu_rate_hz = 0.0F;  // measured; 0 until it is known
  float mag_rate_hz = 0.0F;
  uint8_t calibration_id[kIdBytes] = {};
  uint8_t model_id[kIdBytes] = {};
  uint8_t classes = 0;
  uint8_t max_packet = 0;  // that the board will send on this link

  template <typename Io>
  void fields(Io& io) {
    io(protocol, board_revision, firmware, device_id, boot_count, previous_samples, reset_cause,
       sensors, acc_g_per_lsb, gyr_dps_per_lsb, mag_ut_per_lsb, imu_rate_hz, mag_rate_hz,
       calibration_id, model_id, classes, max_packet);
  }
};

constexpr uint32_t kUnknownCount = 0xFFFFFFFFU;

struct Temperature {
  static constexpr PacketType kType = PacketType::kTemperature;
  uint32_t device_time_us = 0;
  int16_t centi_c = 0;

  template <typename Io>
  void fields(Io& io) {
    io(device_time_us, centi_c);
  }
};

struct Gesture {
  static constexpr PacketType kType = PacketType::kGesture;
  uint16_t number = 0;
  uint32_t device_time_us = 0;
  uint8_t label = 0;
  uint8_t score = 0;  // probability * kScoreLevels

  template <typename Io>
  void fields(Io& io) {
    io(number, device_time_us, label, score);
  }
};

struct Scores {
  static constexpr PacketType kType = PacketType::kScores;
  uint32_t device_time_us = 0;
  uint8_t levels[kMaxClasses] = {};
  uint8_t classes = 0;  // told by the payload's length

  template <typename Io>
  void fields(Io& io) {
    io(device_time_us);
    io.rest(levels, classes);
  }
};

struct Mark {
  static constexpr PacketType kType = PacketType::kMark;
  uint16_t number = 0;
  uint32_t device_time_us = 0;
  uint8_t kind = 0;

  template <typename Io>
  void fields(Io& io) {
    io(number, device_time_us, kind);
  }
};

struct Health {
  static constexpr PacketType kType = PacketType::kHealth;
  uint32_t device_time_us = 0;
  uint32_t uptime_s = 0;
  uint32_t imu_numbered = 0;       // numbers given to samples, lost ones included
  uint32_t imu_fifo_lost = 0;      // overwritten in the sensor before they were read
  uint32_t imu_dropped = 0;        // read, but the link had no room
  uint32_t mag_numbered = 0;
  uint32_t mag_dropped = 0;
  uint32_t packets_dropped = 0;    // of other kinds
  uint32_t commands_damaged = 0;
  uint32_t windows = 0;
  uint32_t classifier_failures = 0;
  uint32_t events_lost = 0;
  uint32_t arena_used_bytes = 0;
  uint32_t stack_free_bytes = 0;
  uint32_t loop_max_us = 0;

  template <typename Io>
  void fields(Io& io) {
    io(device_time_us, uptime_s, imu_numbered, imu_fifo_lost, imu_dropped, mag_numbered,
       mag_dropped, packets_dropped, commands_damaged, windows, classifier_failures, events_lost,
       arena_used_bytes, stack_free_bytes, loop_max_us);
  }
};

constexpr int kMaxAckData = 120;

struct Ack {
  static constexpr PacketType kType = PacketType::kAck;
  uint16_t command_sequence = 0;
  uint8_t command = 0;
  uint8_t status = 0;
  uint8_t data[kMaxAckData] = {};
  uint8_t data_size = 0;

  template <typename Io>
  void fields(Io& io) {
    io(command_sequence, command, status);
    io.rest(data, data_size);
  }
};

constexpr int kMaxLogText = 100;

struct Log {
  static constexpr PacketType kType = PacketType::kLog;
  uint8_t level = 0;  // 0 information, 1 warning, 2 error
  uint8_t text[kMaxLogText] = {};
  uint8_t text_size = 0;

  template <typename Io>
  void fields(Io& io) {
    io(level);
    io.rest(text, text_size);
  }
};

// Commands. Each is answered by one Ack that carries its sequence number.

struct AskHello {  // answer: a Hello in front of the Ack
  static constexpr PacketType kType = PacketType::kAskHello;
  uint8_t oldest = kOldestProtocol;  // that the host speaks
  uint8_t newest = kProtocolVersion;

  template <typename Io>
  void fields(Io& io) {
    io(oldest, newest);
  }
};

struct Start {  // data of the answer: next numbers of IMU and magnetometer samples, u32 each
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

  template <typename Io>
  void fields(Io& io) {
    io(calibration_id, values);
  }
};

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

// Writes a whole packet; returns its length, or 0 when it does not fit.
template <typename Packet>
int write_packet(Packet& packet, uint16_t sequence, uint8_t* to, int capacity) {
  if (capacity < kPacketOverhead) {
    return 0;
  }
  FieldWriter io(to + kPacketHeader, capacity - kPacketOverhead);
  packet.fields(io);
  return io.ok() ? seal_packet(to, static_cast<uint8_t>(Packet::kType), sequence, io.size()) : 0;
}

// Reads a payload; false when it is shorter than its fields. Longer ones come from newer versions.
template <typename Packet>
bool read_packet(const PacketView& view, Packet* packet) {
  FieldReader io(view.payload, view.size);
  packet->fields(io);
  return io.ok();
}

}  // namespace imu_gesture
