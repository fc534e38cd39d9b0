// What boards say to hosts. Each packet lists its fields once, in wire order.
#pragma once

#include <stdint.h>

#include "contract.h"
#include "packet_types.h"

namespace imu_gesture {

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

// What a board shows before it is talked to: the value of the characteristic kBleCard.
struct Card {
  uint8_t oldest = kOldestProtocol;  // that the board speaks
  uint8_t newest = kProtocolVersion;
  uint8_t device_id[kIdBytes] = {};

  template <typename Io>
  void fields(Io& io) {
    io(oldest, newest, device_id);
  }
};

constexpr int kCardBytes = 2 + kIdBytes;

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

// Bits of Drift::flags.
enum DriftFlag : uint8_t { kDriftAtRest = 1, kDriftRecalled = 2 };

constexpr uint16_t kNeverRested = 0xFFFFU;

// How the board's sensors have drifted, as it knows itself.
struct Drift {
  static constexpr PacketType kType = PacketType::kDrift;
  uint32_t device_time_us = 0;
  float bias_dps[kAxes] = {};      // of the gyroscope, that its calibration leaves
  float bias_sigma_dps = 0.0F;
  float acc_offset_g[kAxes] = {};  // of the accelerometer, the same
  float acc_sigma_g = 0.0F;
  uint16_t rest_age_s = kNeverRested;  // since it last lay still
  uint8_t flags = 0;                   // kDriftRecalled: its offset began as the one of before the start

  template <typename Io>
  void fields(Io& io) {
    io(device_time_us, bias_dps, bias_sigma_dps, acc_offset_g, acc_sigma_g, rest_age_s, flags);
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

  void write(const char* utf8) {
    for (; *utf8 != '\0' && text_size < kMaxLogText; ++utf8) {
      text[text_size++] = static_cast<uint8_t>(*utf8);
    }
  }

  template <typename Io>
  void fields(Io& io) {
    io(level);
    io.rest(text, text_size);
  }
};

}  // namespace imu_gesture
