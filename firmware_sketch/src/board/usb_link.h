// USB serial: frames of the protocol, both ways.
#pragma once

#include <stdint.h>

#include "../core/cobs.h"
#include "../core/packet.h"

namespace board {

class UsbLink {
 public:
  void begin();

  // Hands the device what has come, and the host what the device has to say.
  template <typename Device>
  void carry(Device* device, uint32_t now_us) {
    const bool connected = is_connected();
    if (connected && !connected_) {
      device->link_up({imu_gesture::kMaxPacket, kBlockAgeUs}, now_us);
    } else if (!connected && connected_) {
      device->link_down();
    }
    connected_ = connected;
    uint8_t byte = 0;
    while (read(&byte)) {
      const uint32_t damaged = frames_.damaged();
      if (frames_.push(byte)) {
        device->receive(frames_.data(), frames_.size(), now_us);
      }
      if (frames_.damaged() != damaged) {
        device->note_damaged_frame();
      }
    }
    while (connected_ && device->next_size() > 0) {
      uint8_t packet[imu_gesture::kMaxPacket];
      const int size = device->next_size();
      device->pop(packet);
      uint8_t frame[imu_gesture::cobs_capacity(imu_gesture::kMaxPacket)];
      write(frame, imu_gesture::cobs_encode(packet, size, frame));
    }
  }

 private:
  static constexpr uint32_t kBlockAgeUs = 10000;  // a wire has room: no sample waits long

  static bool is_connected();
  static bool read(uint8_t* byte);
  static void write(const uint8_t* data, int size);

  bool connected_ = false;
  imu_gesture::FrameCollector<imu_gesture::cobs_capacity(imu_gesture::kMaxPacket)> frames_;
};

}  // namespace board
