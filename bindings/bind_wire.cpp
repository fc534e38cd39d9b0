#include <nanobind/stl/vector.h>

#include <algorithm>

#include "arrays.h"
#include "blocks.h"
#include "cobs.h"
#include "packet_lists.h"

namespace bindings {
namespace {

using namespace imu_gesture;

// Samples of consecutive blocks, column by column.
struct SampleColumns {
  int values = 0;
  std::vector<uint32_t> number;
  std::vector<uint32_t> device_time_us;
  std::vector<int16_t> counts;
};

struct UnknownPacket {
  int type;
  int size;
};

struct DecoderCounters {
  uint32_t packets = 0;
  uint32_t damaged = 0;         // frames or datagrams, or what was left of them
  uint32_t unknown = 0;         // of types from a newer protocol
  uint32_t packets_missing = 0; // by sequence number
  uint32_t packets_old = 0;     // repeated, or overtaken by later ones
};

template <typename Packet>
bool append_as(const PacketView& view, nb::list* events) {
  if (view.type != static_cast<uint8_t>(Packet::kType)) {
    return false;
  }
  Packet packet;
  if (read_packet(view, &packet)) {
    events->append(nb::cast(packet));
  }
  return true;
}

template <typename... Packets>
bool append_any(const PacketView& view, nb::list* events, PacketList<Packets...>) {
  bool done = false;
  (void)std::initializer_list<int>{(done = done || append_as<Packets>(view, events), 0)...};
  return done;
}

constexpr size_t kPiece = 1 << 20;
constexpr int kFrameCapacity = cobs_capacity(4 * kMaxPacket);

inline uint16_t little_endian(const uint8_t* from) {
  return static_cast<uint16_t>(from[0] | (from[1] << 8));
}

// Bytes in, whole packets out. Sample blocks side by side become one set of columns.
class PacketDecoder {
 public:
  nb::list feed_stream(const nb::bytes& chunk) {
    nb::list events;
    const auto* data = static_cast<const uint8_t*>(chunk.data());
    const uint32_t damaged_before = frames_.damaged();
    for (size_t at = 0; at < chunk.size();) {
      const size_t left = std::min<size_t>(chunk.size() - at, kPiece);
      bool whole = false;
      at += static_cast<size_t>(frames_.push(data + at, static_cast<int>(left), &whole));
      if (whole) {
        take(frames_.data(), frames_.size(), &events);
      }
    }
    counters_.damaged += frames_.damaged() - damaged_before;
    flush(&events);
    return events;
  }

  nb::list feed_datagram(const nb::bytes& datagram) {
    nb::list events;
    take(static_cast<const uint8_t*>(datagram.data()), static_cast<int>(datagram.size()), &events);
    flush(&events);
    return events;
  }

  // A new connection begins: its first packet may have any sequence number.
  void restart() {
    frames_ = FrameCollector<kFrameCapacity>();
    sequenced_ = false;
  }

  const DecoderCounters& counters() const { return counters_; }

 private:
  void take(const uint8_t* data, int size, nb::list* events) {
    PacketReader reader(data, size);
    PacketView packet;
    while (reader.next(&packet)) {
      ++counters_.packets;
      if (is_next(packet)) {
        append(packet, events);
      }
    }
    counters_.damaged += reader.damaged() ? 1U : 0U;
  }

  // False for a packet that came before, or behind one that was sent after it. A board that was
  // reset counts from zero again, and says Hello first.
  bool is_next(const PacketView& packet) {
    const bool begins = !sequenced_ || packet.type == static_cast<uint8_t>(PacketType::kHello);
    const uint16_t ahead = static_cast<uint16_t>(packet.sequence - newest_);
    if (!begins && (ahead == 0U || ahead >= 0x8000U)) {
      ++counters_.packets_old;
      return false;
    }
    counters_.packets_missing += begins ? 0U : ahead - 1U;
    sequenced_ = true;
    newest_ = packet.sequence;
    return true;
  }

  void append(const PacketView& packet, nb::list* events) {
    if (packet.type == static_cast<uint8_t>(PacketType::kImuBlock)) {
      append_block<2 * kAxes>(packet, events);
    } else if (packet.type == static_cast<uint8_t>(PacketType::kMagBlock)) {
      append_block<kAxes>(packet, events);
    } else {
      flush(events);
      if (!append_any(packet, events, FromBoard()) && !append_any(packet, events, FromHost())) {
        ++counters_.unknown;
        events->append(nb::cast(UnknownPacket{packet.type, packet.size}));
      }
    }
  }

  template <int kValues>
  void append_block(const PacketView& packet, nb::list* events) {
    constexpr int kSampleBytes = block_sample_bytes(kValues);
    const int body = packet.size - kBlockHeader;
    if (body <= 0 || body % kSampleBytes != 0) {
      ++counters_.damaged;
      return;
    }
    if (columns_.values != kValues) {
      flush(events);
      columns_.values = kValues;
    }
    ByteReader head(packet.payload, kBlockHeader);
    uint32_t number = head.u32();
    uint32_t time_us = head.u32();
    const int samples = body / kSampleBytes;
    const size_t before = columns_.number.size();
    const size_t after = before + static_cast<size_t>(samples);
    columns_.number.resize(after);
    columns_.device_time_us.resize(after);
    columns_.counts.resize(after * kValues);
    const uint8_t* from = packet.payload + kBlockHeader;
    int16_t* counts = columns_.counts.data() + before * kValues;
    for (size_t i = before; i < after; ++i, from += kSampleBytes, counts += kValues) {
      time_us += little_endian(from);
      columns_.number[i] = number++;
      columns_.device_time_us[i] = time_us;
      for (int v = 0; v < kValues; ++v) {
        counts[v] = static_cast<int16_t>(little_endian(from + 2 + 2 * v));
      }
    }
  }

  void flush(nb::list* events) {
    if (!columns_.number.empty()) {
      events->append(nb::cast(std::move(columns_)));
    }
    columns_ = SampleColumns();
  }

  FrameCollector<kFrameCapacity> frames_;
  DecoderCounters counters_;
  SampleColumns columns_;
  bool sequenced_ = false;
  uint16_t newest_ = 0;
};

template <typename Packet>
void bind_encode(nb::module_& m) {
  m.def("encode", [](Packet& packet, int sequence) {
    uint8_t bytes[kMaxPacket];
    const int size = write_packet(packet, static_cast<uint16_t>(sequence), bytes, kMaxPacket);
    require(size > 0, "the packet does not fit into 244 bytes");
    return nb::bytes(bytes, static_cast<size_t>(size));
  }, nb::arg("packet"), nb::arg("sequence"));
}

template <typename... Packets>
void bind_encode_all(nb::module_& m, PacketList<Packets...>) {
  (void)std::initializer_list<int>{(bind_encode<Packets>(m), 0)...};
}

// A column as a numpy array that keeps the object it is part of alive.
template <typename T>
Output<const T> view_of(nb::handle owner, const std::vector<T>& values, size_t columns) {
  const size_t shape[] = {values.size() / columns, columns};
  return Output<const T>(values.data(), columns == 1 ? 1 : 2, shape, owner);
}

const SampleColumns& columns_in(nb::handle self) { return nb::cast<const SampleColumns&>(self); }

nb::bytes frame(const nb::bytes& packet) {
  std::vector<uint8_t> out(static_cast<size_t>(cobs_capacity(static_cast<int>(packet.size()))));
  const int size = cobs_encode(static_cast<const uint8_t*>(packet.data()), static_cast<int>(packet.size()), out.data());
  return nb::bytes(out.data(), static_cast<size_t>(size));
}

}  // namespace

void bind_wire(nb::module_& m) {
  nb::class_<SampleColumns>(m, "SampleColumns", "Samples of consecutive blocks.")
      .def_ro("values", &SampleColumns::values, "6: accelerometer, gyroscope; 3: magnetometer.")
      .def_prop_ro("number", [](nb::handle self) { return view_of(self, columns_in(self).number, 1); },
                   nb::rv_policy::automatic,
                   nb::sig("def number(self) -> numpy.typing.NDArray[numpy.uint32]"), "(n,), read-only")
      .def_prop_ro("device_time_us",
                   [](nb::handle self) { return view_of(self, columns_in(self).device_time_us, 1); },
                   nb::rv_policy::automatic,
                   nb::sig("def device_time_us(self) -> numpy.typing.NDArray[numpy.uint32]"), "(n,), read-only")
      .def_prop_ro("counts",
                   [](nb::handle self) {
                     const SampleColumns& columns = columns_in(self);
                     return view_of(self, columns.counts, static_cast<size_t>(columns.values));
                   },
                   nb::rv_policy::automatic,
                   nb::sig("def counts(self) -> numpy.typing.NDArray[numpy.int16]"), "(n, values), read-only");
  nb::class_<UnknownPacket>(m, "UnknownPacket", "A packet of a newer protocol, skipped.")
      .def_ro("type", &UnknownPacket::type)
      .def_ro("size", &UnknownPacket::size);
  nb::class_<DecoderCounters>(m, "DecoderCounters", "What a decoder has seen and refused.")
      .def_ro("packets", &DecoderCounters::packets)
      .def_ro("damaged", &DecoderCounters::damaged)
      .def_ro("unknown", &DecoderCounters::unknown)
      .def_ro("packets_missing", &DecoderCounters::packets_missing)
      .def_ro("packets_old", &DecoderCounters::packets_old);
  nb::class_<PacketDecoder>(m, "PacketDecoder", "Bytes of a link in, packets out; noise is counted, not raised.")
      .def(nb::init<>())
      .def("feed_stream", &PacketDecoder::feed_stream, nb::arg("chunk"),
           nb::sig("def feed_stream(self, chunk: bytes) -> list[object]"),
           "Take any piece of a byte stream; return the packets it completes.")
      .def("feed_datagram", &PacketDecoder::feed_datagram, nb::arg("datagram"),
           nb::sig("def feed_datagram(self, datagram: bytes) -> list[object]"),
           "Take one datagram; return its packets.")
      .def("restart", &PacketDecoder::restart, "Forget the sequence: a new connection begins.")
      .def_prop_ro("counters", &PacketDecoder::counters, nb::rv_policy::copy);
  bind_encode_all(m, FromBoard());
  bind_encode_all(m, FromHost());
  m.def("frame", &frame, nb::arg("packet"), "A packet as a COBS frame, closing zero included.");
  m.def("crc32", [](const nb::bytes& data) {
    return crc32(static_cast<const uint8_t*>(data.data()), static_cast<int>(data.size()));
  }, nb::arg("data"));
}

}  // namespace bindings
