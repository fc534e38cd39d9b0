// Two links, one board: whose host is served, and what the other one is told.
//
// One link at a time is the active one. The first host that is there gets the board. A command over USB
// takes it from Bluetooth at once: who has the board in his hand wins. A command over Bluetooth takes
// it when none has come over USB for a while, and is refused as busy otherwise. When the active host
// goes, the other one gets the board, and notices by the Hello that begins every conversation.
#pragma once

#include <stdint.h>

#include "clock.h"
#include "packets.h"
#include "parcel.h"
#include "uplink.h"

namespace imu_gesture {

constexpr uint32_t kWireSilenceUs = 3000000;  // as long as a host may be silent in a stream

template <typename Device>
class LinkSwitch {
 public:
  LinkSwitch(Device* device, Inbox* inbox, Outbound* outbound)
      : device_(device), inbox_(inbox), outbound_(outbound) {}

  void begin(const LinkParams& usb, const LinkParams& ble) {
    links_[kLinkUsb].params = usb;
    links_[kLinkBle].params = ble;
  }

  // Gives the device what hosts have sent, and their links what the device has to say; true while
  // there may be more to do.
  bool serve(uint32_t now_us) {
    Parcel parcel;
    bool any = false;
    while (inbox_->pop(&parcel)) {
      any = true;
      obey(parcel, now_us);
    }
    while (active_ >= 0 && device_->next_size() > 0 && outbound_->to[active_].has_room()) {
      any = true;
      parcel.link = static_cast<uint8_t>(active_);
      parcel.kind = ParcelKind::kPackets;
      parcel.size = static_cast<uint8_t>(device_->next_size());
      device_->pop(parcel.bytes);
      links_[active_].sequence = static_cast<uint16_t>(ByteReader(parcel.bytes + 2, 2).u16() + 1U);
      outbound_->to[active_].push(parcel);
    }
    return any;
  }

  int active() const { return active_; }  // a Link; -1: none

 private:
  struct State {
    LinkParams params;
    bool up = false;
    bool heard = false;     // since it came up, last at heard_us
    uint32_t heard_us = 0;
    uint16_t sequence = 0;  // of the next packet
  };

  void obey(const Parcel& parcel, uint32_t now_us) {
    State& link = links_[parcel.link];
    switch (parcel.kind) {
      case ParcelKind::kUp:
        link.up = true;
        link.heard = false;
        if (active_ < 0) {
          activate(parcel.link, now_us);
        }
        break;
      case ParcelKind::kDown:
        link.up = false;
        if (active_ == parcel.link) {
          leave(now_us);
        }
        break;
      case ParcelKind::kPackets:
        receive(parcel, now_us);
        break;
      case ParcelKind::kDamaged:
        device_->note_damaged_frame();
        break;
    }
  }

  void activate(int link, uint32_t now_us) {
    if (active_ >= 0) {
      device_->link_down();
    }
    active_ = link;
    device_->link_up(links_[link].params, now_us);
  }

  void leave(uint32_t now_us) {
    const int other = 1 - active_;
    device_->link_down();
    active_ = -1;
    if (links_[other].up) {
      activate(other, now_us);
    }
  }

  void receive(const Parcel& parcel, uint32_t now_us) {
    PacketReader reader(parcel.bytes, parcel.size);
    PacketView command;
    if (!links_[parcel.link].up) {
      return;
    }
    if (!reader.next(&command)) {  // nobody takes a board by noise
      device_->note_damaged_frame();
      return;
    }
    if (active_ != parcel.link) {
      if (!may_take(parcel.link, now_us)) {
        refuse(parcel.link, command);
        return;
      }
      activate(parcel.link, now_us);
    }
    links_[parcel.link].heard = true;
    links_[parcel.link].heard_us = now_us;
    device_->receive(parcel.bytes, parcel.size, now_us);
  }

  bool may_take(int link, uint32_t now_us) const {
    const State& wire = links_[kLinkUsb];
    return link == kLinkUsb || !wire.heard || elapsed_us(wire.heard_us, now_us) >= kWireSilenceUs;
  }

  void refuse(int link, const PacketView& command) {
    Ack ack;
    ack.command_sequence = command.sequence;
    ack.command = command.type;
    ack.status = static_cast<uint8_t>(AckStatus::kBusy);
    Parcel parcel;
    parcel.link = static_cast<uint8_t>(link);
    parcel.size = static_cast<uint8_t>(write_packet(ack, links_[link].sequence, parcel.bytes, kMaxPacket));
    if (outbound_->to[link].push(parcel)) {
      ++links_[link].sequence;
    }
  }

  Device* device_;
  Inbox* inbox_;
  Outbound* outbound_;
  State links_[kLinks];
  int active_ = -1;
};

}  // namespace imu_gesture
