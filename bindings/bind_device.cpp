#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "cobs.h"
#include "device.h"
#include "host_firmware.h"
#include "host_proof.h"
#include "memory_flash.h"

namespace bindings {
namespace {

using namespace imu_gesture;

// Has Python run the models that come over a link.
class HostLoader final : public ModelLoader {
 public:
  HostLoader(nb::object firmware, nb::object open, uint32_t arena_bytes)
      : firmware_(std::move(firmware)), open_(std::move(open)), arena_bytes_(arena_bytes) {}

  bool load(const uint8_t* model, uint32_t size, int /*input_bytes*/, int /*outputs*/) override {
    nb::object classify = open_(nb::bytes(model, size));  // what does not fit is noticed when it classifies
    const bool opened = !classify.is_none();
    if (opened) {
      nb::cast<HostFirmware&>(firmware_).classify_with(std::move(classify));
    }
    return opened;
  }
  void load_built_in() override { nb::cast<HostFirmware&>(firmware_).classify_with(nb::none()); }
  uint32_t arena_bytes() const override { return arena_bytes_; }
  void load_built_in_if_any() {
    if (!firmware_.is_none()) {
      load_built_in();
    }
  }
  nb::object& open() { return open_; }
  void clear() {
    firmware_.reset();
    open_.reset();
  }
  bool able() const { return !firmware_.is_none() && !open_.is_none(); }

 private:
  nb::object firmware_;
  nb::object open_;
  uint32_t arena_bytes_;
};

// The board's side of the protocol on the host, with the memory that survives a reset.
class HostDevice {
 public:
  HostDevice(const Hello& identity, std::vector<std::string> labels, nb::object firmware, int heartbeat_timeout_us,
             nb::object open_model, int arena_bytes, const HostProof* proof)
      : labels_(std::move(labels)),
        firmware_(firmware),
        proof_(proof != nullptr ? *proof : HostProof()),
        core_proof_(proof_.core()),
        loader_(firmware, std::move(open_model), static_cast<uint32_t>(arena_bytes)) {
    check_proof();
    for (const std::string& label : labels_) {
      label_pointers_.push_back(label.c_str());
    }
    params_.identity = identity;
    params_.identity.classes = static_cast<uint8_t>(labels_.size());
    params_.labels = label_pointers_.data();
    params_.proof = core_proof_.model != nullptr ? &core_proof_ : nullptr;
    params_.heartbeat_timeout_us = static_cast<uint32_t>(heartbeat_timeout_us);
    reset();
  }
  HostDevice(const HostDevice&) = delete;
  HostDevice& operator=(const HostDevice&) = delete;

  // As a reset button does: everything is forgotten but the boot record and what is in flash.
  void reset() {
    std::random_device entropy;
    for (uint8_t& byte : params_.seed) {
      byte = static_cast<uint8_t>(entropy());
    }
    boot_.begin();
    loader_.load_built_in_if_any();
    device_ = std::make_unique<Device<>>(recogniser(), &boot_, &flash_, loader_.able() ? &loader_ : nullptr);
    device_->begin(params_);
    device_->health().arena_used_bytes = arena_used_bytes_;
    frames_ = FrameCollector<cobs_capacity(kMaxPacket)>();
  }

  void take(const Vector<int64_t>& device_time_us, const Matrix<int16_t>& counts) {
    check(device_time_us, counts, 2 * kAxes);
    for (size_t i = 0; i < device_time_us.shape(0); ++i) {
      RawSample raw;
      raw.device_time_us = static_cast<uint32_t>(device_time_us.data()[i]);
      std::copy_n(counts.data() + i * 2 * kAxes, 2 * kAxes, raw.counts);
      device_->take(raw);
      if (!firmware_.is_none()) {
        nb::cast<HostFirmware&>(firmware_).rethrow();
      }
    }
  }

  void take_mag(const Vector<int64_t>& device_time_us, const Matrix<int16_t>& counts) {
    check(device_time_us, counts, kAxes);
    for (size_t i = 0; i < device_time_us.shape(0); ++i) {
      RawMagSample raw;
      raw.device_time_us = static_cast<uint32_t>(device_time_us.data()[i]);
      std::copy_n(counts.data() + i * kAxes, kAxes, raw.counts);
      device_->take(raw);
    }
  }

  void receive_stream(const nb::bytes& chunk, int64_t now_us) {
    const auto* data = static_cast<const uint8_t*>(chunk.data());
    const uint32_t damaged_before = frames_.damaged();
    for (size_t i = 0; i < chunk.size(); ++i) {
      if (frames_.push(data[i])) {
        device_->receive(frames_.data(), frames_.size(), static_cast<uint32_t>(now_us));
      }
    }
    for (uint32_t n = damaged_before; n != frames_.damaged(); ++n) {
      device_->note_damaged_frame();
    }
  }

  void receive_datagram(const nb::bytes& datagram, int64_t now_us) {
    device_->receive(static_cast<const uint8_t*>(datagram.data()), static_cast<int>(datagram.size()),
                     static_cast<uint32_t>(now_us));
  }

  nb::object transmit() {
    const int size = device_->next_size();
    if (size == 0) {
      return nb::none();
    }
    uint8_t packet[kMaxPacket + 1];
    device_->pop(packet);
    return nb::bytes(packet, static_cast<size_t>(size));
  }

  MemoryFlash& flash() { return flash_; }

  void use_arena(uint32_t bytes) {
    arena_used_bytes_ = bytes;
    device_->health().arena_used_bytes = bytes;
  }

  Device<>& core() { return *device_; }

  static int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    if (nb::inst_ready(self)) {
      Py_VISIT(nb::inst_ptr<HostDevice>(self)->firmware_.ptr());
      Py_VISIT(nb::inst_ptr<HostDevice>(self)->loader_.open().ptr());
    }
    return 0;
  }
  static int clear(PyObject* self) {
    nb::inst_ptr<HostDevice>(self)->firmware_.reset();
    nb::inst_ptr<HostDevice>(self)->loader_.clear();
    return 0;
  }

 private:
  static void check(const Vector<int64_t>& times, const Matrix<int16_t>& counts, int values) {
    require(counts.shape(0) == times.shape(0) && counts.shape(1) == static_cast<size_t>(values),
            "counts: shape (n, " + std::to_string(values) + ") wanted, n as in device_time_us");
  }

  void check_proof() {
    if (recogniser() != nullptr) {
      require(proof_.fits(static_cast<size_t>(recogniser()->input_bytes()), static_cast<size_t>(recogniser()->outputs())),
              "proof: inputs and scores of another model's shape");
    }
  }

  Device<>::Recogniser* recogniser() {
    return firmware_.is_none() ? nullptr : &nb::cast<HostFirmware&>(firmware_).core();
  }

  std::vector<std::string> labels_;
  std::vector<const char*> label_pointers_;
  nb::object firmware_;
  HostProof proof_;
  ModelProof core_proof_;
  DeviceParams params_;
  uint32_t arena_used_bytes_ = 0;
  BootRecord boot_;
  MemoryFlash flash_{static_cast<int>(kFlashPages)};
  HostLoader loader_;
  std::unique_ptr<Device<>> device_;
  FrameCollector<cobs_capacity(kMaxPacket)> frames_;
};

PyType_Slot device_slots[] = {
    {Py_tp_traverse, reinterpret_cast<void*>(&HostDevice::traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(&HostDevice::clear)},
    {0, nullptr},
};

}  // namespace

void bind_device(nb::module_& m) {
  nb::class_<HostProof>(m, "ModelProof", "What a board tests its model with.")
      .def(nb::init<const nb::bytes&, uint32_t, const HostProof::Windows&, const Matrix<int8_t>&>(), nb::arg("model"),
           nb::arg("crc"), nb::arg("inputs"), nb::arg("scores"),
           nb::sig("def __init__(self, model: bytes, crc: int, inputs: numpy.typing.NDArray[numpy.int8], "
                   "scores: numpy.typing.NDArray[numpy.int8]) -> None"),
           "The flatbuffer in its flash, the CRC-32 that it must have, inputs (n, samples, channels) and the scores\n"
           "(n, classes) that they must have.");
  nb::class_<SelfTestParams>(m, "SelfTestParams", "Where a board's sensors cannot be believed; see `self_test.h`.")
      .def(nb::init<>())
      .def_ro("rate_error", &SelfTestParams::rate_error)
      .def_ro("gravity_error_g", &SelfTestParams::gravity_error_g)
      .def("offset_limit_dps", &SelfTestParams::offset_limit_dps, nb::arg("board_revision"));
  nb::class_<HostDevice>(m, "Device", nb::type_slots(device_slots),
                         "The board's side of the protocol: samples and commands in, packets out.")
      .def(nb::init<const Hello&, std::vector<std::string>, nb::object, int, nb::object, int, const HostProof*>(),
           nb::arg("identity"), nb::arg("labels"), nb::arg("firmware").none(), nb::arg("heartbeat_timeout_us") = 3000000,
           nb::arg("open_model") = nb::none(), nb::arg("arena_bytes") = 16384, nb::arg("proof") = nb::none(),
           nb::sig("def __init__(self, identity: Hello, labels: collections.abc.Sequence[str], "
                   "firmware: Firmware | None, heartbeat_timeout_us: int = 3000000, open_model: "
                   "collections.abc.Callable[[bytes], collections.abc.Callable[[numpy.typing.NDArray[numpy.int8]], "
                   "numpy.typing.NDArray[numpy.int8]] | None] | None = None, arena_bytes: int = 16384, "
                   "proof: ModelProof | None = None) -> None"),
           "open_model: makes a classifier of a flatbuffer that came over a link, None where it cannot; without it\n"
           "the board takes no models. arena_bytes: what it has for tensors. proof: what it tests its model with.")
      .def("take", &HostDevice::take, nb::arg("device_time_us"), nb::arg("counts"),
           "Inertial samples: (n,) int64 and (n, 6) int16.")
      .def("take_mag", &HostDevice::take_mag, nb::arg("device_time_us"), nb::arg("counts"),
           "Magnetometer samples: (n,) int64 and (n, 3) int16.")
      .def("take_temperature", [](HostDevice& self, int64_t time_us, int centi_c) {
        self.core().take_temperature(static_cast<uint32_t>(time_us), static_cast<int16_t>(centi_c));
      }, nb::arg("device_time_us"), nb::arg("centi_c"))
      .def("lose", [](HostDevice& self, int samples) { self.core().lose(static_cast<uint32_t>(samples)); },
           nb::arg("samples"), "So many samples were overwritten in the sensor.")
      .def("mark", [](HostDevice& self, int64_t time_us, int kind) {
        self.core().mark(static_cast<uint32_t>(time_us), static_cast<uint8_t>(kind));
      }, nb::arg("device_time_us"), nb::arg("kind"))
      .def("say", [](HostDevice& self, int level, const std::string& text) {
        self.core().say(static_cast<uint8_t>(level), text.c_str());
      }, nb::arg("level"), nb::arg("text"))
      .def("link_up", [](HostDevice& self, int max_packet, int block_age_us, int64_t now_us, bool trusted) {
        require(max_packet >= kPacketOverhead && max_packet <= kMaxPacket, "max_packet: 8 to 244 wanted");
        LinkParams link;
        link.max_packet = max_packet;
        link.block_age_us = static_cast<uint32_t>(block_age_us);
        link.trusted = trusted;
        self.core().link_up(link, static_cast<uint32_t>(now_us));
      }, nb::arg("max_packet"), nb::arg("block_age_us"), nb::arg("now_us"), nb::arg("trusted") = true,
         "trusted: only somebody who holds the board can be at the other end.")
      .def("link_down", [](HostDevice& self) { self.core().link_down(); })
      .def("receive_stream", &HostDevice::receive_stream, nb::arg("chunk"), nb::arg("now_us"))
      .def("receive_datagram", &HostDevice::receive_datagram, nb::arg("datagram"), nb::arg("now_us"))
      .def("poll", [](HostDevice& self, int64_t now_us) { self.core().poll(static_cast<uint32_t>(now_us)); },
           nb::arg("now_us"), "Do what is due with time.")
      .def("transmit", &HostDevice::transmit, nb::sig("def transmit(self) -> bytes | None"),
           "Take the oldest packet to send; None when there is none.")
      .def("reset", &HostDevice::reset, "Start anew; only the boot record and what is in flash survive.")
      .def_prop_ro("flash", &HostDevice::flash, nb::rv_policy::reference_internal, "What it remembers without power.")
      .def("use_arena", &HostDevice::use_arena, nb::arg("bytes"), "What the model is said to need for tensors.")
      .def_prop_ro("streaming", [](HostDevice& self) { return self.core().streaming(); })
      .def_prop_ro("identifying", [](HostDevice& self) { return self.core().identifying(); })
      .def_prop_ro("reset_requested", [](HostDevice& self) { return self.core().reset_requested(); })
      .def_prop_ro("health", [](HostDevice& self) { return self.core().health(); });
}

}  // namespace bindings
