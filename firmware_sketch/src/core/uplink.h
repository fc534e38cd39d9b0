// The board's way to the host: samples gathered in blocks, packets waiting for the link.
#pragma once

#include <stdint.h>

#include "blocks.h"
#include "contract.h"
#include "outbox.h"
#include "packets.h"

namespace imu_gesture {

// What a link can do. `block_age_us`: how long a sample may wait for others to share its packet.
struct LinkParams {
  int max_packet = kMaxPacket;
  uint32_t block_age_us = 100000;
  bool trusted = true;  // only somebody who holds the board can be at the other end: USB
};

class Uplink {
 public:
  // `health` counts what finds no room.
  explicit Uplink(Health* health) : health_(health) {}

  void open(const LinkParams& link) {
    link_ = link;
    clear();
    narrow(link.max_packet);
  }

  // Keeps to what reaches the host, where that is less than the link is known to carry.
  void narrow(int max_packet) {
    max_packet_ = max_packet < link_.max_packet ? max_packet : link_.max_packet;
    imu_block_.limit(max_packet_);
    mag_block_.limit(max_packet_);
  }

  // Drops everything that waits; the numbers of samples show the hole.
  void clear() {
    clear_blocks();
    outbox_.clear();
  }
  void clear_blocks() {
    imu_block_.clear();
    mag_block_.clear();
  }

  void add_imu(uint32_t number, uint32_t device_time_us, const int16_t* counts) {
    add(&imu_block_, number, device_time_us, counts, &health_->imu_dropped);
  }
  void add_mag(uint32_t number, uint32_t device_time_us, const int16_t* counts) {
    add(&mag_block_, number, device_time_us, counts, &health_->mag_dropped);
  }

  void flush() {
    flush(&imu_block_, &health_->imu_dropped);
    flush(&mag_block_, &health_->mag_dropped);
  }
  void flush_old(uint32_t now_us) {
    if (imu_block_.older_than(link_.block_age_us, now_us)) {
      flush(&imu_block_, &health_->imu_dropped);
    }
    if (mag_block_.older_than(link_.block_age_us, now_us)) {
      flush(&mag_block_, &health_->mag_dropped);
    }
  }

  template <typename Packet>
  void send(Packet& packet) {
    uint8_t bytes[kMaxPacket];
    const int size = write_packet(packet, sequence_, bytes, max_packet_);
    if (size > 0 && outbox_.push(bytes, size, 0)) {
      ++sequence_;
    } else {
      ++health_->packets_dropped;
    }
  }

  int max_packet() const { return max_packet_; }
  int next_size() const { return outbox_.next_size(); }
  void pop(uint8_t* packet) { outbox_.pop(packet); }

 private:
  static constexpr int kOutboxBytes = 3968;
  static constexpr int kReserve = 3 * (kMaxPacket + 1);  // kept free of samples, for everything else

  template <typename Block>
  void add(Block* block, uint32_t number, uint32_t device_time_us, const int16_t* counts,
           uint32_t* dropped) {
    if (!block->add(number, device_time_us, counts)) {
      flush(block, dropped);
      block->add(number, device_time_us, counts);
    }
    if (block->full()) {
      flush(block, dropped);
    }
  }

  template <typename Block>
  void flush(Block* block, uint32_t* dropped) {
    if (block->samples() == 0) {
      return;
    }
    uint8_t packet[kMaxPacket];
    if (outbox_.push(packet, block->write(sequence_, packet), kReserve)) {
      ++sequence_;
    } else {
      *dropped += static_cast<uint32_t>(block->samples());
    }
    block->clear();
  }

  Health* health_;
  LinkParams link_;
  int max_packet_ = kMaxPacket;
  uint16_t sequence_ = 0;
  BlockBuilder<2 * kAxes> imu_block_{PacketType::kImuBlock};
  BlockBuilder<kAxes> mag_block_{PacketType::kMagBlock};
  Outbox<kOutboxBytes> outbox_;
};

}  // namespace imu_gesture
