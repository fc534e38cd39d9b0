#pragma GCC optimize("fp-contract=off")
#include "usb_link.h"

#include <Arduino.h>
#include <USB/PluggableUSBSerial.h>

namespace board {

using imu_gesture::kLinkUsb;

constexpr uint32_t kBlockAgeUs = 10000;
constexpr int kChunkBytes = 63;  // a full packet of 64 would wait in the host for the next one

imu_gesture::LinkParams UsbLink::params() {
  imu_gesture::LinkParams link;
  link.block_age_us = kBlockAgeUs;
  return link;
}

void UsbLink::carry(imu_gesture::LinkPort* port) {
  const bool connected = _SerialUSB.connected();
  port->is_up(kLinkUsb, connected);
  if (!connected) {
    size_ = 0;
    sent_ = 0;
    return;
  }
  read(port);
  write(port);
}

void UsbLink::read(imu_gesture::LinkPort* port) {
  while (port->has_room() && _SerialUSB.available() > 0) {
    const uint32_t damaged = frames_.damaged();
    if (frames_.push(static_cast<uint8_t>(_SerialUSB.read()))) {
      port->deliver(kLinkUsb, frames_.data(), frames_.size());
    }
    if (frames_.damaged() != damaged) {
      port->damaged(kLinkUsb);
    }
  }
}

void UsbLink::write(imu_gesture::LinkPort* port) {
  for (;;) {
    if (sent_ == size_) {
      const imu_gesture::Parcel* parcel = port->next(kLinkUsb);
      if (parcel == nullptr) {
        return;
      }
      size_ = imu_gesture::cobs_encode(parcel->bytes, parcel->size, frame_);
      sent_ = 0;
      port->sent(kLinkUsb);
    }
    const int left = size_ - sent_;
    uint32_t taken = 0;
    _SerialUSB.send_nb(frame_ + sent_, static_cast<uint32_t>(left < kChunkBytes ? left : kChunkBytes), &taken, true);
    if (taken == 0U) {
      return;
    }
    sent_ += static_cast<int>(taken);
  }
}

}  // namespace board
