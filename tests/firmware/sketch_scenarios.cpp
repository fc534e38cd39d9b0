// The whole sketch in simulated time, with hosts, hands and mishaps: `scenarios NAME [SECONDS]` plays
// one and says what was seen as `name=value`.
#include "sketch_run.h"

namespace {

// Bluetooth streams; then USB comes, is told about, speaks, and goes.
void two_links() {
  g_ble.connect(true);
  stream(&g_ble, 3);
  say("ble_before_wire", g_ble.told.samples);
  g_usb.connect(true);  // a port that somebody opens takes nothing away
  live(1.0);
  say("usb_hellos_silent", g_usb.told.hellos);
  stream(&g_usb, 2);
  const uint32_t refused = g_ble.told.samples;
  g_ble.start();
  live(0.5);
  say("ble_while_wire", g_ble.told.samples - refused);
  say("ble_status", g_ble.told.last_status);
  g_usb.connect(false);
  live(0.5);
  say("ble_hellos_after", g_ble.told.hellos);
  stream(&g_ble, 2);
  say("ble_after_wire", g_ble.told.samples - refused);
}

// A program opens the port, asks for everything, and reads nothing.
void unread_usb() {
  g_usb.connect(true);
  g_usb_listens = false;
  g_usb.start();
  live(5.0);
  g_ble.connect(true);
  stream(&g_ble, 40);
}

// The radio never gets rid of a packet.
void radio_hangs() {
  g_ble.connect(true);
  stream(&g_ble, 2);
  host::radio_hang(true);
  live(100.0);
  say("survived", 1);
}

void asked_to_reset() {
  g_usb.connect(true);
  live(2.0);
  g_usb.ask(PacketType::kReset);
  live(0.2);
  say("status", g_usb.told.last_status);
  say("numbered_before", g_device.health().imu_numbered);
  live(5.0);
  say("survived", 1);
}

void started() {
  g_usb.connect(true);
  live(0.5);
  const imu_gesture::Hello& hello = g_usb.told.hello;
  say("boot_count", hello.boot_count);
  say("previous_samples", hello.previous_samples);
  say("reset_cause", hello.reset_cause);
  say("calibration", hello.calibration_id[0]);
}

void press(double seconds) {
  for (int bounce = 0; bounce < 5; ++bounce) {
    host::press_button(bounce % 2 == 0);
    live(0.004);
  }
  host::press_button(true);
  live(seconds);
  host::press_button(false);
  live(0.2);
}

void button() {
  g_usb.connect(true);
  g_usb.start();
  live(0.5);
  press(0.2);
  say("short_marks", g_usb.told.marks);
  say("short_kind", g_usb.told.last_mark);
  press(1.5);
}

// The sketch tests itself, its model and the sensors that it has read.
void self_test() {
  host::turn_board(false);
  g_usb.connect(true);
  live(3.0);
  g_usb.ask(PacketType::kSelfTest);
  live(0.2);
  imu_gesture::SelfTestResult result;
  imu_gesture::FieldReader in(g_usb.told.last_ack.data, g_usb.told.last_ack.data_size);
  result.fields(in);
  say("status", g_usb.told.last_status);
  say("failed", result.failed);
  say("untested", result.untested);
  say("right_windows", result.right_windows);
  say("crc", result.model_crc);
  say("rate_hz", result.rate_hz);
  say("warnings", g_usb.told.warnings);
}

// A calibration is set again and again, so that pages are erased while samples stream.
void flash() {
  g_usb.connect(true);
  g_usb.start();
  imu_gesture::Calibration calibration;
  copy_fields(imu_gesture::CalibrationParams(), &calibration);
  for (int i = 1; i <= 40; ++i) {
    calibration.calibration_id[0] = static_cast<uint8_t>(i);
    g_usb.ask(calibration);
    live(0.5);
  }
  say("status", g_usb.told.last_status);
  host::watch_heap(false);
  uint8_t record[imu_gesture::kMaxRememberedBytes];
  board::FlashStore store;
  imu_gesture::FlashLog<imu_gesture::kMaxRememberedBytes> log(&store, 0);
  say("store_works", store.begin());
  const int size = log.load(record);
  imu_gesture::Remembered remembered;
  say("record", imu_gesture::load_state(record, size, imu_gesture::kRememberedVersion, &remembered));
  say("kept_calibration", remembered.calibration_id[0]);
  say("kept_page", host::flash_content()[0xEC000 + 4]);
}

// What is remembered is read back: it was put there before the sketch starts.
constexpr uint8_t kRememberedId = 7;

void put_into_flash() {
  board::FlashStore store;
  store.begin();
  imu_gesture::FlashLog<imu_gesture::kMaxRememberedBytes> log(&store, 0);
  uint8_t record[imu_gesture::kMaxRememberedBytes];
  log.load(record);
  imu_gesture::Remembered remembered;
  const imu_gesture::Hello hello = board::identity(g_imu, kModelId, kModelClasses);
  memcpy(remembered.model_id, hello.model_id, sizeof remembered.model_id);
  remembered.calibration_id[0] = kRememberedId;
  imu_gesture::save_state(remembered, imu_gesture::kRememberedVersion, record);
  log.append(record, imu_gesture::saved_bytes<imu_gesture::Remembered>());
}

// Where the pages lie, and that they are left alone where somebody else is.
void room() {
  host::watch_heap(false);
  const uint32_t usual_end = g_sketch_end;
  board::FlashStore store;
  uint8_t word[4] = {1, 2, 3, 4};
  say("usual", store.begin());
  g_sketch_end = 0xFE001;
  say("long_sketch", store.begin());
  say("long_sketch_erase", store.erase_page(0));
  say("long_sketch_write", store.write(0, word, 4));
  g_sketch_end = usual_end;
  g_uicr.NRFFW[0] = 0xE0000;  // Arduino's bootloader for SoftDevices
  say("other_bootloader", store.begin());
  say("other_bootloader_erase", store.erase_page(0));
  say("beyond", store.erase_page(board::FlashStore::kPages * board::FlashStore::kPageBytes));
  say("across", store.write(board::FlashStore::kPages * board::FlashStore::kPageBytes - 2, word, 4));
}

// Still for a minute, then moved.
void doze() {
  host::turn_board(false);
  live(20.0);
  say("awake_windows", g_recogniser.counters().windows);
  live(30.0);
  say("dozing_interval", host::radio_advertising_interval());
  const uint32_t windows = g_recogniser.counters().windows;
  const uint64_t switches = host::switches();
  int lit = 0;
  for (int i = 0; i < 100; ++i) {
    live(0.1);
    lit += host::light() != 0 ? 1 : 0;
  }
  say("dozing_lit", lit);
  say("dozing_windows", g_recogniser.counters().windows - windows);
  say("dozing_switches", static_cast<double>(host::switches() - switches));
  host::turn_board(true);
  live(0.6);
  say("moved_windows", g_recogniser.counters().windows - windows);
  live(0.4);
  say("awake_interval", host::radio_advertising_interval());
}

// At rest, or on the move, without a host: what the board's threads do in a while.
void measured(bool turning) {
  host::turn_board(turning);
  live_alone(60.0);
  const uint32_t windows = g_recogniser.counters().windows;
  const uint32_t samples = g_device.health().imu_numbered;
  const uint64_t switches = host::switches();
  const double bus_us = host::bus_us();
  live_alone(600.0);
  say("measured_s", 600.0);
  say("measured_windows", g_recogniser.counters().windows - windows);
  say("measured_samples", g_device.health().imu_numbered - samples);
  say("measured_switches", static_cast<double>(host::switches() - switches));
  say("measured_bus_s", (host::bus_us() - bus_us) * 1e-6);
}
void still() { measured(false); }
void moving() { measured(true); }

// A month in small: mostly still, sometimes moved, now and then a host on either link.
void soak(double seconds) {
  host::measure_stacks(false);
  for (double lived = 0.0; lived < seconds; lived += 600.0) {
    host::turn_board(false);
    live_alone(400.0);
    host::turn_board(true);
    live_alone(160.0);
    Peer* peer = static_cast<long>(lived / 600.0) % 2 == 0 ? &g_usb : &g_ble;
    peer->connect(true);
    stream(peer, 20);
    live(10.0);  // silent: the stream ends
    peer->connect(false);
    live_alone(10.0);
  }
}

struct Scenario {
  const char* name;
  void (*play)();
};

const Scenario kScenarios[] = {
    {"two_links", two_links}, {"unread_usb", unread_usb}, {"radio_hangs", radio_hangs},
    {"asked_to_reset", asked_to_reset}, {"started", started}, {"button", button}, {"self_test", self_test}, {"flash", flash}, {"recalled", started}, {"room", room},
    {"doze", doze}, {"still", still}, {"moving", moving},
};

void play(const char* name, double seconds) {
  if (strcmp(name, "soak") == 0) {
    soak(seconds);
  }
  for (const Scenario& scenario : kScenarios) {
    if (strcmp(name, scenario.name) == 0) {
      scenario.play();
    }
  }
}

}  // namespace

int main(int count, char** values) {
  if (count < 2) {
    return 2;
  }
  static char output[1 << 16];
  setvbuf(stdout, output, _IOFBF, sizeof output);
  host::use_simulated_time();
  host::recall_memory();
  if (strcmp(values[1], "recalled") == 0) {
    put_into_flash();
  }
  setup();
  g_until_us = host::now_us();
  host::watch_heap(true);
  play(values[1], count > 2 ? atof(values[2]) : 0.0);
  host::watch_heap(false);
  tell("usb", g_usb);
  tell("ble", g_ble);
  tell_device();
  say("allocations", static_cast<double>(host::allocations()));
  say("switches", static_cast<double>(host::switches()));
  say("lived_s", static_cast<double>(host::now_us()) * 1e-6);
  return 0;
}
