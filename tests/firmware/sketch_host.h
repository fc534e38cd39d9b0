// A host of the sketch in the same program and in simulated time: it asks, and counts what it is told.
#pragma once

#include <stdint.h>
#include <string.h>

#include "arduino/host.h"
#include "src/core/cobs.h"
#include "src/core/fields.h"
#include "src/core/packets.h"
#include "src/core/parcel.h"

namespace host {

struct Told {
  uint32_t hellos = 0;
  uint32_t acks = 0;
  uint32_t busy = 0;       // of the acks
  uint32_t samples = 0;
  uint32_t gestures = 0;
  uint32_t marks = 0;
  uint32_t damaged = 0;
  uint8_t last_mark = 0;
  imu_gesture::Hello hello;
  imu_gesture::Health health;
  uint8_t last_status = 255;
  uint32_t warnings = 0;
  imu_gesture::Ack last_ack;
};

class Peer {
 public:
  explicit Peer(imu_gesture::Link link) : link_(link) {}

  Told told;

  void connect(bool connected) {
    if (link_ == imu_gesture::kLinkUsb) {
      usb_plug(connected);
    } else {
      radio_connect(connected);
      radio_subscribe(connected);
    }
  }

  template <typename Command>
  void ask(Command command) {
    uint8_t packet[imu_gesture::kMaxPacket];
    send(packet, imu_gesture::write_packet(command, ++sequence_, packet, imu_gesture::kMaxPacket));
  }
  void ask(imu_gesture::PacketType bare) {
    uint8_t packet[imu_gesture::kPacketOverhead];
    send(packet, imu_gesture::seal_packet(packet, static_cast<uint8_t>(bare), ++sequence_, 0));
  }
  void start() {
    imu_gesture::Start start;
    start.streams = 0x3F;
    start.recognise = 1;
    ask(start);
  }

  // Takes what has come.
  void hear() {
    uint8_t bytes[256];
    if (link_ == imu_gesture::kLinkUsb) {
      const int size = usb_get(bytes, sizeof bytes);
      for (int i = 0; i < size; ++i) {
        if (frames_.push(bytes[i])) {
          read(frames_.data(), frames_.size());
        }
      }
      told.damaged = frames_.damaged();
      return;
    }
    for (int size = radio_get(bytes, sizeof bytes); size > 0; size = radio_get(bytes, sizeof bytes)) {
      read(bytes, size);
    }
  }

 private:
  void send(const uint8_t* packet, int size) {
    if (link_ == imu_gesture::kLinkBle) {
      radio_write(packet, size);
      return;
    }
    uint8_t frame[imu_gesture::cobs_capacity(imu_gesture::kMaxPacket)];
    usb_put(frame, imu_gesture::cobs_encode(packet, size, frame));
  }

  void read(const uint8_t* data, int size) {
    imu_gesture::PacketReader reader(data, size);
    imu_gesture::PacketView packet;
    while (reader.next(&packet)) {
      count(packet);
    }
    told.damaged += reader.damaged() ? 1U : 0U;
  }

  void count(const imu_gesture::PacketView& packet) {
    using imu_gesture::PacketType;
    switch (static_cast<PacketType>(packet.type)) {
      case PacketType::kHello:
        ++told.hellos;
        imu_gesture::read_packet(packet, &told.hello);
        break;
      case PacketType::kAck:
        ++told.acks;
        told.last_status = packet.payload[3];
        imu_gesture::read_packet(packet, &told.last_ack);
        told.busy += told.last_status == static_cast<uint8_t>(imu_gesture::AckStatus::kBusy) ? 1U : 0U;
        break;
      case PacketType::kImuBlock:
        told.samples += static_cast<uint32_t>((packet.size - 8) / 14);
        break;
      case PacketType::kGesture:
        ++told.gestures;
        break;
      case PacketType::kMark:
        ++told.marks;
        told.last_mark = packet.payload[6];
        break;
      case PacketType::kLog:
        told.warnings += packet.payload[0] == 1U ? 1U : 0U;
        break;
      case PacketType::kHealth:
        imu_gesture::read_packet(packet, &told.health);
        break;
      default:
        break;
    }
  }

  imu_gesture::Link link_;
  uint16_t sequence_ = 0;
  imu_gesture::FrameCollector<imu_gesture::cobs_capacity(imu_gesture::kMaxPacket)> frames_;
};

}  // namespace host
