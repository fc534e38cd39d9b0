// What passes between the thread that speaks to the links and the one that owns the device.
#pragma once

#include <stdint.h>
#include <string.h>

#include "contract.h"
#include "ring.h"

namespace imu_gesture {

// The wire comes first: it wins where both want the board.
enum Link : uint8_t { kLinkUsb = 0, kLinkBle = 1 };
constexpr int kLinks = 2;

enum class ParcelKind : uint8_t { kUp, kDown, kPackets, kDamaged };

struct Parcel {
  uint8_t link = 0;
  ParcelKind kind = ParcelKind::kPackets;
  uint8_t size = 0;
  uint8_t bytes[kMaxPacket];  // a datagram, or the content of a frame
};

using Inbox = SpscRing<Parcel, 4>;  // from hosts

// To hosts, a ring for each: one that does not read holds nobody up.
struct Outbound {
  SpscRing<Parcel, 4> to[kLinks];
};

// The links' end of both.
class LinkPort {
 public:
  LinkPort(Inbox* inbox, Outbound* outbound) : inbox_(inbox), outbound_(outbound) {}

  // Says whether there is a host; to be said again and again, and told once. What was meant for one
  // that went is dropped.
  void is_up(Link link, bool up) {
    while (!up && outbound_->to[link].front() != nullptr) {
      sent(link);
    }
    if (up != up_[link]) {
      up_[link] = tell(link, up ? ParcelKind::kUp : ParcelKind::kDown) ? up : up_[link];
    }
  }
  bool up(Link link) const { return up_[link]; }

  bool has_room() const { return inbox_->has_room(); }
  // False when there is no room, or more than a datagram.
  bool deliver(Link link, const uint8_t* data, int size) {
    if (size > kMaxPacket) {
      return false;
    }
    Parcel parcel;
    parcel.link = link;
    parcel.size = static_cast<uint8_t>(size);
    memcpy(parcel.bytes, data, static_cast<size_t>(size));
    return inbox_->push(parcel);
  }
  void damaged(Link link) { tell(link, ParcelKind::kDamaged); }

  // What is to be sent next over `link`, until it is sent(); null when there is nothing.
  const Parcel* next(Link link) const { return up_[link] ? outbound_->to[link].front() : nullptr; }
  void sent(Link link) { outbound_->to[link].drop(); }

 private:
  bool tell(Link link, ParcelKind kind) {
    Parcel parcel;
    parcel.link = link;
    parcel.kind = kind;
    return inbox_->push(parcel);
  }

  Inbox* inbox_;
  Outbound* outbound_;
  bool up_[kLinks] = {};
};

}  // namespace imu_gesture
