#include <nanobind/stl/array.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <array>
#include <string>

#include "arrays.h"
#include "packet_lists.h"

namespace bindings {
namespace {

using namespace imu_gesture;

template <int N>
nb::bytes as_bytes(const uint8_t (&values)[N], int count = N) {
  return nb::bytes(values, static_cast<size_t>(count));
}

template <int N>
void assign(uint8_t (&to)[N], const nb::bytes& from, const char* name) {
  require(from.size() == static_cast<size_t>(N), std::string(name) + ": " + std::to_string(N) + " bytes wanted" + got(from.size()));
  std::copy_n(static_cast<const uint8_t*>(from.data()), N, to);
}

template <int N>
uint8_t assign_rest(uint8_t (&to)[N], const nb::bytes& from, const char* name) {
  require(from.size() <= static_cast<size_t>(N), std::string(name) + ": at most " + std::to_string(N) + " bytes wanted" + got(from.size()));
  std::copy_n(static_cast<const uint8_t*>(from.data()), from.size(), to);
  return static_cast<uint8_t>(from.size());
}

// A field that is an array of bytes.
#define BYTES_FIELD(Packet, name)                                                     \
  def_prop_rw(                                                                        \
      #name, [](const Packet& self) { return as_bytes(self.name); },                  \
      [](Packet& self, const nb::bytes& value) { assign(self.name, value, #name); })
// A field that is an array of three floats.
#define FLOATS_FIELD(Packet, name)                                                          \
  def_prop_rw(                                                                              \
      #name,                                                                                \
      [](const Packet& self) { return std::array<float, 3>{self.name[0], self.name[1], self.name[2]}; }, \
      [](Packet& self, const std::array<float, 3>& value) { std::copy_n(value.data(), 3, self.name); })
// A field that takes the rest of the packet.
#define REST_FIELD(Packet, name, count)                                               \
  def_prop_rw(                                                                        \
      #name, [](const Packet& self) { return as_bytes(self.name, self.count); },      \
      [](Packet& self, const nb::bytes& value) { self.count = assign_rest(self.name, value, #name); })

template <typename Packet>
nb::class_<Packet> declare(nb::module_& m, const char* name, const char* doc) {
  return nb::class_<Packet>(m, name, doc)
      .def(nb::init<>())
      .def_prop_ro_static("type", [](nb::handle) { return static_cast<int>(Packet::kType); });
}

void bind_from_board(nb::module_& m) {
  declare<Hello>(m, "Hello", "A board introduces itself.")
      .def_rw("protocol", &Hello::protocol)
      .def_rw("board_revision", &Hello::board_revision)
      .BYTES_FIELD(Hello, firmware)
      .BYTES_FIELD(Hello, device_id)
      .def_rw("boot_count", &Hello::boot_count)
      .def_rw("previous_samples", &Hello::previous_samples)
      .def_rw("reset_cause", &Hello::reset_cause)
      .def_rw("sensors", &Hello::sensors)
      .def_rw("acc_g_per_lsb", &Hello::acc_g_per_lsb)
      .def_rw("gyr_dps_per_lsb", &Hello::gyr_dps_per_lsb)
      .def_rw("mag_ut_per_lsb", &Hello::mag_ut_per_lsb)
      .def_rw("imu_rate_hz", &Hello::imu_rate_hz)
      .def_rw("mag_rate_hz", &Hello::mag_rate_hz)
      .BYTES_FIELD(Hello, calibration_id)
      .BYTES_FIELD(Hello, model_id)
      .def_rw("classes", &Hello::classes)
      .def_rw("max_packet", &Hello::max_packet);
  declare<Temperature>(m, "Temperature", "Temperature of the sensor's die.")
      .def_rw("device_time_us", &Temperature::device_time_us)
      .def_rw("centi_c", &Temperature::centi_c);
  declare<Gesture>(m, "Gesture", "The board recognised a gesture.")
      .def_rw("number", &Gesture::number)
      .def_rw("device_time_us", &Gesture::device_time_us)
      .def_rw("label", &Gesture::label)
      .def_rw("score", &Gesture::score);
  declare<Scores>(m, "Scores", "Smoothed score levels of all classes.")
      .def_rw("device_time_us", &Scores::device_time_us)
      .REST_FIELD(Scores, levels, classes);
  declare<Mark>(m, "Mark", "Somebody pressed the button.")
      .def_rw("number", &Mark::number)
      .def_rw("device_time_us", &Mark::device_time_us)
      .def_rw("kind", &Mark::kind);
  declare<Health>(m, "Health", "Counters since the board started.")
      .def_rw("device_time_us", &Health::device_time_us)
      .def_rw("uptime_s", &Health::uptime_s)
      .def_rw("imu_numbered", &Health::imu_numbered)
      .def_rw("imu_fifo_lost", &Health::imu_fifo_lost)
      .def_rw("imu_dropped", &Health::imu_dropped)
      .def_rw("mag_numbered", &Health::mag_numbered)
      .def_rw("mag_dropped", &Health::mag_dropped)
      .def_rw("packets_dropped", &Health::packets_dropped)
      .def_rw("commands_damaged", &Health::commands_damaged)
      .def_rw("windows", &Health::windows)
      .def_rw("classifier_failures", &Health::classifier_failures)
      .def_rw("events_lost", &Health::events_lost)
      .def_rw("arena_used_bytes", &Health::arena_used_bytes)
      .def_rw("stack_free_bytes", &Health::stack_free_bytes)
      .def_rw("loop_max_us", &Health::loop_max_us);
  declare<Drift>(m, "Drift", "How the board's sensors have drifted, as it knows itself.")
      .def_rw("device_time_us", &Drift::device_time_us)
      .FLOATS_FIELD(Drift, bias_dps)
      .def_rw("bias_sigma_dps", &Drift::bias_sigma_dps)
      .FLOATS_FIELD(Drift, acc_offset_g)
      .def_rw("acc_sigma_g", &Drift::acc_sigma_g)
      .def_rw("rest_age_s", &Drift::rest_age_s)
      .def_rw("flags", &Drift::flags);
  declare<Ack>(m, "Ack", "Answer to one command.")
      .def_rw("command_sequence", &Ack::command_sequence)
      .def_rw("command", &Ack::command)
      .def_rw("status", &Ack::status)
      .REST_FIELD(Ack, data, data_size);
  declare<Log>(m, "Log", "Text for people.")
      .def_rw("level", &Log::level)
      .REST_FIELD(Log, text, text_size);
}

void bind_from_host(nb::module_& m) {
  declare<AskHello>(m, "AskHello", "Who are you, and do we speak the same protocol?")
      .def_rw("oldest", &AskHello::oldest)
      .def_rw("newest", &AskHello::newest)
      .def_rw("max_packet", &AskHello::max_packet);
  declare<Start>(m, "Start", "Send these streams from now on.")
      .def_rw("streams", &Start::streams)
      .def_rw("recognise", &Start::recognise);
  declare<Stop>(m, "Stop", "Send no more samples.");
  declare<Heartbeat>(m, "Heartbeat", "The host is still there.");
  declare<Identify>(m, "Identify", "Blink.").def_rw("seconds", &Identify::seconds);
  declare<TimeProbe>(m, "TimeProbe", "What time is it?").def_rw("nonce", &TimeProbe::nonce);
  declare<GetCalibration>(m, "GetCalibration", "Which correction is applied?");
  declare<Calibration>(m, "Calibration", "A correction: acc matrix, acc offset, gyr matrix, gyr offset.")
      .BYTES_FIELD(Calibration, calibration_id)
      .def_prop_rw(
          "values",
          [](const Calibration& self) {
            return to_numpy(std::vector<float>(self.values, self.values + kCalibrationFloats),
                            {static_cast<size_t>(kCalibrationFloats)});
          },
          [](Calibration& self, const Vector<float>& values) {
            require(values.shape(0) == kCalibrationFloats, "values: 24 wanted" + got(values.shape(0)));
            std::copy_n(values.data(), kCalibrationFloats, self.values);
          },
          nb::rv_policy::automatic)
      .def_rw("known", &Calibration::known);
  declare<GetLabel>(m, "GetLabel", "What is this class called?").def_rw("index", &GetLabel::index);
  declare<WriteVector>(m, "WriteVector", "A part of an int8 model input.")
      .def_rw("offset", &WriteVector::offset)
      .REST_FIELD(WriteVector, bytes, count);
  declare<AskSelfTest>(m, "AskSelfTest", "Test the model, and say what the sensors have shown (self_test.h).");
  declare<RunVector>(m, "RunVector", "Run the model on the input that was written.");
  declare<Feed>(m, "Feed", "Samples for the recogniser in the place of the sensors', for a test.")
      .def_rw("flags", &Feed::flags)
      .def_rw("device_time_us", &Feed::device_time_us)
      .REST_FIELD(Feed, samples, size);
  declare<ReadInput>(m, "ReadInput", "A part of the newest model input.").def_rw("offset", &ReadInput::offset);
  declare<Reset>(m, "Reset", "Start anew.");
  declare<SetKey>(m, "SetKey", "From now on this key proves who may change the board; over USB only.")
      .BYTES_FIELD(SetKey, key)
      .def_rw("flags", &SetKey::flags);
  declare<Challenge>(m, "Challenge", "Prove that you have the key.").BYTES_FIELD(Challenge, number);
  declare<Sealed>(m, "Sealed", "A command of one who has the key.")
      .def_rw("counter", &Sealed::counter)
      .def_rw("command", &Sealed::command)
      .BYTES_FIELD(Sealed, tag)
      .REST_FIELD(Sealed, bytes, count);
  declare<BeginUpdate>(m, "BeginUpdate", "A model package of so many bytes is coming.")
      .def_rw("size", &BeginUpdate::size)
      .BYTES_FIELD(BeginUpdate, sha256);
  declare<WriteUpdate>(m, "WriteUpdate", "A part of the package.")
      .def_rw("offset", &WriteUpdate::offset)
      .REST_FIELD(WriteUpdate, bytes, count);
  declare<EndUpdate>(m, "EndUpdate", "That was all: try it.");
  declare<UpdateStatus>(m, "UpdateStatus", "Which model runs, and how far an update is?");
  declare<RollBack>(m, "RollBack", "Go back to the model before.");
}

}  // namespace

void bind_packets(nb::module_& m) {
  bind_from_board(m);
  bind_from_host(m);
  m.def(
      "card",
      [](const nb::bytes& device_id) {
        Card card;
        assign(card.device_id, device_id, "device_id");
        uint8_t bytes[kCardBytes];
        FieldWriter io(bytes, kCardBytes);
        card.fields(io);
        return as_bytes(bytes);
      },
      nb::arg("device_id"), "What a board shows over Bluetooth before it is talked to.");
  m.def(
      "read_card",
      [](const nb::bytes& value) {
        Card card;
        FieldReader io(static_cast<const uint8_t*>(value.data()), static_cast<int>(value.size()));
        card.fields(io);
        require(io.ok(), "value: too short for a card" + got(value.size()));
        return nb::make_tuple(card.oldest, card.newest, as_bytes(card.device_id));
      },
      nb::arg("value"), nb::sig("def read_card(value: bytes) -> tuple[int, int, bytes]"),
      "Oldest and newest protocol, and device id.");
  m.attr("BLE_SERVICE") = kBleService;
  m.attr("BLE_COMMANDS") = kBleCommands;
  m.attr("BLE_PACKETS") = kBlePackets;
  m.attr("BLE_CARD") = kBleCard;
  m.attr("PROTOCOL_VERSION") = kProtocolVersion;
  m.attr("MAX_PACKET") = kMaxPacket;
  m.attr("MIN_PACKET") = kMinPacket;
  m.attr("PACKET_OVERHEAD") = kPacketOverhead;
  m.attr("UNKNOWN_COUNT") = kUnknownCount;
  m.attr("STREAM_IMU") = static_cast<int>(kStreamImu);
  m.attr("STREAM_MAG") = static_cast<int>(kStreamMag);
  m.attr("STREAM_TEMPERATURE") = static_cast<int>(kStreamTemperature);
  m.attr("STREAM_GESTURES") = static_cast<int>(kStreamGestures);
  m.attr("STREAM_SCORES") = static_cast<int>(kStreamScores);
  m.attr("STREAM_DRIFT") = static_cast<int>(kStreamDrift);
  m.attr("DRIFT_AT_REST") = static_cast<int>(kDriftAtRest);
  m.attr("DRIFT_RECALLED") = static_cast<int>(kDriftRecalled);
  m.attr("FEED_BEGINS") = static_cast<int>(kFeedBegins);
  m.attr("FEED_ENDS") = static_cast<int>(kFeedEnds);
  m.attr("FEED_SAMPLE_BYTES") = kFeedSampleBytes;
  m.attr("KEY_IS_SET") = static_cast<int>(kKeyIsSet);
  m.attr("KEY_IS_PRIVATE") = static_cast<int>(kKeyIsPrivate);
  m.attr("MAX_SEALED") = kMaxSealed;
  m.attr("NEVER_RESTED") = static_cast<int>(kNeverRested);
  nb::enum_<AckStatus>(m, "AckStatus", nb::is_arithmetic())
      .value("DONE", AckStatus::kDone)
      .value("UNKNOWN_COMMAND", AckStatus::kUnknownCommand)
      .value("BAD_ARGUMENT", AckStatus::kBadArgument)
      .value("UNSUPPORTED_PROTOCOL", AckStatus::kUnsupportedProtocol)
      .value("LINK_TOO_NARROW", AckStatus::kLinkTooNarrow)
      .value("BUSY", AckStatus::kBusy)
      .value("FAILED", AckStatus::kFailed)
      .value("FORBIDDEN", AckStatus::kForbidden);
}

}  // namespace bindings
