// Commands that nobody should obey, and commands of an owner who is mistaken, with damaged models among them.
// Arguments: a file with a model package, messages of each kind, seed. Prints how many of the
// strangers' were obeyed, whether they changed the flash, and how many damaged models were tried and kept.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>

#include "fuzz_board.h"

using namespace fuzzing;

namespace {

constexpr int kParamsSizeAt = 4 + 2;   // in a PackageHead
constexpr int kGoldenAt = 4 + 3 * 2;
constexpr int kSamplesAfterModel = 800;  // more than fill a window
constexpr uint16_t kOwnersSequences = 0x8000;  // strangers number from 0: nothing is a repetition of the owner's

class Fuzzer {
 public:
  Fuzzer(const Bytes& package, uint32_t seed) : package_(package), random_(seed) {}

  void strangers(uint64_t messages) {
    Bytes content;
    Board board(&content, 1);
    SetKey key;
    fill(key.key, kKeyBytes);
    key.flags = kKeyIsSet;
    board.link_up(true);
    board.receive(written(key));
    const Bytes before = board.flash();
    for (uint64_t i = 0; i < messages; ++i) {
      if (i % 12 == 0) {  // sixteen wrong tags end a session
        open_session(&board, key);
      }
      const Bytes forged = forgery();
      board.receive(forged);
      obeyed += changes(forged[0]) && board.ack().status == static_cast<uint8_t>(AckStatus::kDone) ? 1U : 0U;
      board.move(&random_);
    }
    changed = before != board.flash() || board.reset_requested() ? 1U : 0U;
  }

  void mistakes(uint64_t messages) {
    Bytes content;
    uint32_t start = 2;
    auto board = std::make_unique<Board>(&content, start);
    board->link_up(true);
    for (uint64_t i = 0; i < messages;) {
      if (below(40) == 0U) {
        i += send_damaged_model(board.get());
      } else {
        board->receive(anything());
        ++i;
      }
      board->move(&random_);
      if (board->reset_requested() || below(2000) == 0U) {
        tried += board->tried();
        board.reset();
        board = std::make_unique<Board>(&content, ++start);
        board->link_up(true);
      }
    }
    tried += board->tried();
  }

  uint64_t obeyed = 0;
  uint64_t changed = 0;
  uint64_t tried = 0;
  uint64_t kept = 0;

 private:
  uint32_t below(uint32_t limit) { return static_cast<uint32_t>(random_()) % limit; }
  void fill(uint8_t* to, int count) {
    for (int i = 0; i < count; ++i) {
      to[i] = static_cast<uint8_t>(random_());
    }
  }

  Bytes packet(uint8_t type, const Bytes& payload) {
    Bytes bytes(kPacketOverhead + payload.size());
    if (!payload.empty()) {
      memcpy(bytes.data() + kPacketHeader, payload.data(), payload.size());
    }
    seal_packet(bytes.data(), type, sequence_, static_cast<int>(payload.size()));
    sequence_ = static_cast<uint16_t>((sequence_ + 1U) % kOwnersSequences);
    return bytes;
  }
  template <typename Command>
  Bytes written(Command command) {
    uint8_t bytes[kMaxPacket];
    const int size = write_packet(command, static_cast<uint16_t>(kOwnersSequences + sequence_), bytes, kMaxPacket);
    sequence_ = static_cast<uint16_t>((sequence_ + 1U) % kOwnersSequences);
    return Bytes(bytes, bytes + size);
  }

  // Every command but those with which strangers may read, listed anew: not what the board thinks of it.
  static bool changes(uint8_t type) {
    switch (static_cast<PacketType>(type)) {
      case PacketType::kAskHello:
      case PacketType::kHeartbeat:
      case PacketType::kChallenge:
      case PacketType::kStart:
      case PacketType::kStop:
      case PacketType::kTimeProbe:
      case PacketType::kGetCalibration:
      case PacketType::kGetLabel:
      case PacketType::kUpdateStatus:
        return false;
      default:
        return true;
    }
  }

  // The owner comes, says something, and a stranger hears it.
  void open_session(Board* board, const SetKey& key) {
    board->link_up(false);
    Challenge challenge;
    fill(challenge.number, kNonceBytes);
    board->receive(written(challenge));
    const uint8_t device_id[kIdBytes] = {};
    uint8_t session_key[kDigestBytes];
    HmacSha256(key.key)
        .add("imu-gesture session")
        .add(device_id, kIdBytes)
        .add(challenge.number, kNonceBytes)
        .add(board->ack().data, kNonceBytes)
        .finish(session_key);
    heard_ = sealed(session_key, PacketType::kHeartbeat, 1);
    board->receive(written(heard_));
    if (board->ack().status != static_cast<uint8_t>(AckStatus::kDone)) {
      std::fprintf(stderr, "the owner was not obeyed\n");
      std::exit(2);
    }
  }
  static Sealed sealed(const uint8_t* session_key, PacketType type, uint32_t counter) {
    Sealed said;
    said.counter = counter;
    said.command = static_cast<uint8_t>(type);
    uint8_t bytes[4];
    ByteWriter(bytes, 4).u32(counter);
    uint8_t tag[kDigestBytes];
    HmacSha256(session_key).add("command").add(bytes, 4).add(&said.command, 1).finish(tag);
    memcpy(said.tag, tag, kTagBytes);
    return said;
  }

  Bytes forgery() {
    Sealed forged = heard_;
    switch (below(7)) {
      case 0:  // said again
        return from_stranger(forged);
      case 1:
        forged.counter = static_cast<uint32_t>(random_());
        return from_stranger(forged);
      case 2:
        forged.counter += 1U;
        forged.command = static_cast<uint8_t>(0x81U + below(24));
        return from_stranger(forged);
      case 3:
        forged.counter += 1U;
        forged.command = static_cast<uint8_t>(0x81U + below(24));
        fill(forged.tag, kTagBytes);
        forged.count = static_cast<uint8_t>(below(kMaxSealed + 1));
        fill(forged.bytes, forged.count);
        return from_stranger(forged);
      case 4:  // cut off, too long, or not a packet at all
        return mutated(from_stranger(forged));
      default:
        return anything();
    }
  }
  Bytes from_stranger(Sealed said) {
    Bytes bytes = written(said);
    return packet(bytes[0], Bytes(bytes.begin() + kPacketHeader, bytes.end() - 4));
  }
  Bytes mutated(Bytes bytes) {
    for (uint32_t i = 1 + below(4); i > 0; --i) {
      bytes[below(static_cast<uint32_t>(bytes.size()))] ^= static_cast<uint8_t>(1U << below(8));
    }
    bytes.resize(1 + below(static_cast<uint32_t>(bytes.size()) + 8));
    return bytes;
  }
  // Whole, of any type; most have a type that there is.
  Bytes anything() {
    static constexpr int kSizes[] = {0, 1, 2, 3, 5, 16, 33, 36, 105, kMaxPayload};
    const uint8_t type = static_cast<uint8_t>(below(8) == 0U ? random_() : 0x81U + below(24));
    Bytes payload(below(2) == 0U ? static_cast<size_t>(kSizes[below(10)]) : below(kMaxPayload + 1));
    fill(payload.data(), static_cast<int>(payload.size()));
    return packet(type, payload);
  }

  // What memory is counted by.
  void change_sizes(uint8_t* bytes, int size) {
    static constexpr int kSizes[] = {0, 1, 2, 3, 6, 16, 17, 32, 33, kCapacity, kCapacity + 1, 255, 256, 32768, 65535};
    FirmwareParams params;
    FieldReader in(bytes, size);
    param_fields(in, params);
    int* const sizes[] = {&params.window.samples, &params.window.hop_samples, &params.conditioner.channels,
                          &params.decision.classes, &params.decision.smoothing};
    *sizes[below(5)] = kSizes[below(15)];
    params.window.regime = below(2) == 0U ? Regime::kContinuous : Regime::kTriggered;
    if (below(2) == 0U) {
      params.conditioner.resampler.period_us = static_cast<uint32_t>(random_()) >> below(32);
    }
    if (below(4) == 0U) {
      params.decision.most_spread = static_cast<uint16_t>(random_() >> (16U + below(16)));
    }
    FieldWriter out(bytes, size);
    param_fields(out, params);
  }

  // `head`: where the labels begin.
  void damage(Bytes* package, uint32_t head) {
    static constexpr uint32_t kExtremes[] = {0, 1, 0xFF, 0x100, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7F800000, 0x7F7FFFFF};
    const uint32_t parts[] = {kPackageHeadBytes, head, head + 64U, static_cast<uint32_t>(package->size())};
    const uint32_t at = below(parts[below(4)] - 4U);
    uint8_t* damaged = package->data() + at;
    switch (below(3)) {
      case 0:
        *damaged = static_cast<uint8_t>(random_());
        break;
      case 1:
        *damaged = static_cast<uint8_t>(*damaged ^ (1U << below(8)));
        break;
      default:
        memcpy(damaged, &kExtremes[below(10)], below(2) == 0U ? 2 : 4);
    }
  }

  // With its right digest, so that the board has to read it. Returns the messages it took.
  uint64_t send_damaged_model(Board* board) {
    Bytes package = package_;
    if (below(2) == 0U) {  // no windows to be checked with, so that what follows runs
      memset(package.data() + kGoldenAt, 0, 2);
    }
    const int params_size = package[kParamsSizeAt] | package[kParamsSizeAt + 1] << 8;
    const uint32_t head = static_cast<uint32_t>(kPackageHeadBytes + params_size);
    if (below(2) == 0U) {
      change_sizes(package.data() + kPackageHeadBytes, params_size);
    }
    for (uint32_t i = below(4); i > 0; --i) {
      damage(&package, head);
    }
    if (below(8) == 0U) {
      package.resize(1 + below(static_cast<uint32_t>(package.size())));
    }
    BeginUpdate begin;
    begin.size = static_cast<uint32_t>(package.size());
    Sha256 hash;
    hash.update(package.data(), static_cast<int>(package.size()));
    hash.finish(begin.sha256);
    board->receive(written(begin));
    uint64_t messages = 2;
    for (size_t at = 0; at < package.size(); ++messages) {
      WriteUpdate part;
      const size_t left = package.size() - at;
      part.offset = static_cast<uint32_t>(at);
      part.count = static_cast<uint8_t>(left < 220U ? left : 220U);
      memcpy(part.bytes, package.data() + at, part.count);
      board->receive(written(part));
      at += part.count;
    }
    board->receive(written(EndUpdate()));
    kept += board->ack().status == static_cast<uint8_t>(AckStatus::kDone) ? 1U : 0U;
    Start start;
    start.streams = 0xFF;
    board->receive(written(start));
    for (int i = 0; i < kSamplesAfterModel; ++i) {
      board->move(&random_);
    }
    return messages;
  }

  Bytes package_;
  std::mt19937 random_;
  uint16_t sequence_ = 0;
  Sealed heard_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "arguments: package, messages, seed\n");
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const Bytes package((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const uint64_t messages = strtoull(argv[2], nullptr, 10);
  Fuzzer fuzzer(package, static_cast<uint32_t>(strtoul(argv[3], nullptr, 10)));
  fuzzer.strangers(messages);
  fuzzer.mistakes(messages);
  std::printf("{\"obeyed\": %" PRIu64 ", \"changed\": %" PRIu64 ", \"tried\": %" PRIu64 ", \"kept\": %" PRIu64 "}\n",
              fuzzer.obeyed, fuzzer.changed, fuzzer.tried, fuzzer.kept);
  return 0;
}
