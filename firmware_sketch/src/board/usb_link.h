// USB serial: frames of the protocol, both ways. Never waits for the host: one that opens the port and
// reads nothing costs itself its samples, and nobody else anything.
#pragma once

#include <stdint.h>

#include "../core/cobs.h"
#include "../core/parcel.h"
#include "../core/uplink.h"

namespace board {

class UsbLink {
 public:
  // A wire has room: no sample waits long.
  static imu_gesture::LinkParams params();

  // Carries what has come and what is to go, as far as there is room.
  void carry(imu_gesture::LinkPort* port);

 private:
  using Frames = imu_gesture::FrameCollector<imu_gesture::cobs_capacity(imu_gesture::kMaxPacket)>;

  void read(imu_gesture::LinkPort* port);
  void write(imu_gesture::LinkPort* port);

  Frames frames_;
  uint8_t frame_[imu_gesture::cobs_capacity(imu_gesture::kMaxPacket)];  // on its way to the host,
  int size_ = 0;
  int sent_ = 0;  // so far
};

}  // namespace board
