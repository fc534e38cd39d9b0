// Random and mutated bytes against the frame decoder, the packet reader and the command parser.
// Arguments: bytes to feed, seed. Prints how many packets were accepted, and how many of those
// nobody had sent.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "cobs.h"
#include "device.h"

using imu_gesture::BootRecord;
using imu_gesture::Device;
using imu_gesture::FrameCollector;
using imu_gesture::PacketReader;
using imu_gesture::PacketView;

namespace {

constexpr int kPacketsARound = 32;
using Bytes = std::vector<uint8_t>;

class Fuzzer {
 public:
  explicit Fuzzer(uint32_t seed) : random_(seed) {
    boot_.begin();
    device_.begin({});
    device_.link_up({}, 0);
  }

  // One batch of packets, mutated, then some noise; returns the bytes fed.
  uint64_t round() {
    sent_.clear();
    Bytes stream;
    for (int i = 0; i < kPacketsARound; ++i) {
      append_frame(&stream);
    }
    mutate(&stream);
    for (uint32_t i = below(64); i > 0; --i) {
      stream.push_back(static_cast<uint8_t>(random_()));
    }
    for (const uint8_t byte : stream) {
      if (frames_.push(byte)) {
        read(frames_.data(), frames_.size());
      }
    }
    Bytes datagram(stream.begin(), stream.begin() + below(static_cast<uint32_t>(stream.size())) % 300);
    read(datagram.data(), static_cast<int>(datagram.size()));
    drain();
    return stream.size() + datagram.size();
  }

  uint64_t accepted = 0;
  uint64_t false_packets = 0;

 private:
  uint32_t below(uint32_t limit) { return limit == 0U ? 0U : static_cast<uint32_t>(random_()) % limit; }

  void append_frame(Bytes* stream) {
    uint8_t packet[imu_gesture::kMaxPacket];
    const int payload = static_cast<int>(below(imu_gesture::kMaxPayload + 1));
    for (int i = 0; i < payload; ++i) {
      packet[imu_gesture::kPacketHeader + i] = static_cast<uint8_t>(random_());
    }
    const uint8_t type = static_cast<uint8_t>(below(2) == 0U ? random_() : 0x81U + below(12));
    const int size = imu_gesture::seal_packet(packet, type, static_cast<uint16_t>(random_()), payload);
    sent_.emplace_back(packet, packet + size);
    Bytes frame(static_cast<size_t>(imu_gesture::cobs_capacity(size)));
    frame.resize(static_cast<size_t>(imu_gesture::cobs_encode(packet, size, frame.data())));
    stream->insert(stream->end(), frame.begin(), frame.end());
  }

  void mutate(Bytes* stream) {
    for (uint32_t i = below(40); i > 0; --i) {
      const uint32_t at = below(static_cast<uint32_t>(stream->size()));
      switch (below(4)) {
        case 0:
          (*stream)[at] ^= static_cast<uint8_t>(1U << below(8));
          break;
        case 1:
          (*stream)[at] = static_cast<uint8_t>(random_());
          break;
        case 2:
          stream->erase(stream->begin() + at);
          break;
        default:
          stream->insert(stream->begin() + at, static_cast<uint8_t>(random_()));
      }
    }
  }

  void read(const uint8_t* data, int size) {
    PacketReader reader(data, size);
    PacketView packet;
    while (reader.next(&packet)) {
      ++accepted;
      const uint8_t* start = packet.payload - imu_gesture::kPacketHeader;
      const size_t whole = static_cast<size_t>(packet.size + imu_gesture::kPacketOverhead);
      bool known = false;
      for (const Bytes& sent : sent_) {
        known = known || (sent.size() == whole && memcmp(sent.data(), start, whole) == 0);
      }
      false_packets += known ? 0U : 1U;
    }
    now_us_ += 1000;
    device_.receive(data, size, now_us_);
    device_.poll(now_us_);
  }

  void drain() {
    uint8_t packet[imu_gesture::kMaxPacket];
    while (device_.next_size() > 0) {
      device_.pop(packet);
    }
  }

  std::mt19937 random_;
  std::vector<Bytes> sent_;
  FrameCollector<imu_gesture::cobs_capacity(imu_gesture::kMaxPacket)> frames_;
  BootRecord boot_;
  Device<64> device_{nullptr, &boot_};
  uint32_t now_us_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const uint64_t wanted = argc > 1 ? strtoull(argv[1], nullptr, 10) : 1000000U;
  Fuzzer fuzzer(argc > 2 ? static_cast<uint32_t>(strtoul(argv[2], nullptr, 10)) : 0U);
  uint64_t fed = 0;
  while (fed < wanted) {
    fed += fuzzer.round();
  }
  std::printf("{\"bytes\": %" PRIu64 ", \"accepted\": %" PRIu64 ", \"false\": %" PRIu64 "}\n", fed,
              fuzzer.accepted, fuzzer.false_packets);
  return 0;
}
