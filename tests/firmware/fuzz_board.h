// A board on a computer: the core with flash in memory, and the other end of its link.
#pragma once

#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "../../bindings/memory_flash.h"
#include "device.h"

namespace fuzzing {

using namespace imu_gesture;

using Bytes = std::vector<uint8_t>;
constexpr int kCapacity = 128;  // rows of a window

// In the place of an interpreter: reads every byte of the model, and runs those with an even sum.
class Reader final : public ModelLoader {
 public:
  bool load(const uint8_t* model, uint32_t size, int, int outputs) override {
    uint8_t sum = 0;
    for (uint32_t i = 0; i < size; ++i) {
      sum = static_cast<uint8_t>(sum + model[i]);
    }
    ++loaded;
    outputs_ = outputs;
    return sum % 2U == 0U;
  }
  void load_built_in() override { outputs_ = 1; }
  uint32_t arena_bytes() const override { return 16384; }

  static bool classify(void* self, const int8_t* input, int8_t* outputs) {
    for (int c = 0; c < static_cast<Reader*>(self)->outputs_; ++c) {
      outputs[c] = static_cast<int8_t>(input[c % 3] ^ c);
    }
    return true;
  }

  uint64_t loaded = 0;

 private:
  int outputs_ = 1;
};

inline FirmwareParams built_in_params() {
  FirmwareParams params;
  params.conditioner.channels = kMaxChannels;
  params.conditioner.learn = true;
  params.conditioner.resampler.period_us = 20000;
  params.window.samples = 8;
  params.window.hop_samples = 2;
  params.input.scale = 0.1F;
  params.decision.classes = 1;
  return params;
}

// A board and the other end of its link.
class Board {
 public:
  Board(Bytes* content, uint32_t start) : content_(content) {
    if (!content->empty()) {
      flash_.content() = *content;
    }
    boot_.begin();
    DeviceParams params;
    params.identity.acc_g_per_lsb = 4.0F / 32768.0F;
    params.identity.gyr_dps_per_lsb = 2000.0F / 32768.0F;
    params.identity.classes = 1;
    params.labels = kLabels;
    memcpy(params.seed, &start, sizeof start);
    device_->begin(params);
  }
  ~Board() { *content_ = flash_.content(); }
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  void link_up(bool trusted) {
    LinkParams link;
    link.trusted = trusted;
    device_->link_up(link, now_us_);
    listen();
  }

  void receive(const Bytes& packet) {
    now_us_ += 1000;
    const Bytes exact(packet);  // its end is the heap's end: reading behind it is seen
    device_->receive(exact.data(), static_cast<int>(exact.size()), now_us_);
    device_->poll(now_us_);
    listen();
  }

  void move(std::mt19937* random) {
    RawSample raw;
    now_us_ += 8403;
    raw.device_time_us = now_us_;
    for (int16_t& count : raw.counts) {
      count = static_cast<int16_t>((*random)());
    }
    device_->take(raw);
  }

  Bytes& flash() { return flash_.content(); }
  const Ack& ack() const { return ack_; }
  bool reset_requested() const { return device_->reset_requested(); }
  uint64_t tried() const { return reader_->loaded; }

 private:
  static constexpr const char* kLabels[] = {"still"};

  void listen() {
    uint8_t bytes[kMaxPacket];
    ack_ = Ack();
    ack_.status = static_cast<uint8_t>(AckStatus::kFailed);
    while (device_->next_size() > 0) {
      const int size = device_->next_size();
      device_->pop(bytes);
      PacketReader packets(bytes, size);
      PacketView packet;
      if (packets.next(&packet) && packet.type == static_cast<uint8_t>(PacketType::kAck)) {
        ack_ = Ack();
        read_packet(packet, &ack_);
      }
    }
  }

  Bytes* content_;
  bindings::MemoryFlash flash_{static_cast<int>(kFlashPages)};
  BootRecord boot_;
  uint32_t now_us_ = 0;
  Ack ack_;

  // Each on its own: what steps out of one is seen.
  std::unique_ptr<Reader> reader_{new Reader};
  std::unique_ptr<Firmware<kCapacity>> recogniser_{
      new Firmware<kCapacity>(built_in_params(), &Reader::classify, reader_.get())};
  std::unique_ptr<Device<kCapacity>> device_{new Device<kCapacity>(recogniser_.get(), &boot_, &flash_, reader_.get())};
};

constexpr const char* Board::kLabels[];

}  // namespace fuzzing
