// Runs the board's IMU drivers against modelled chips: settings in as `name=value`, samples out as
// files, what the drivers say of themselves on standard output.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../firmware_sketch/src/board/imu.h"
#include "chips/simulated_bus.h"

namespace {

struct Arguments {
  int count;
  char** values;

  double number(const char* name, double otherwise) const {
    const size_t length = strlen(name);
    for (int i = 1; i < count; ++i) {
      if (strncmp(values[i], name, length) == 0 && values[i][length] == '=') {
        return atof(values[i] + length + 1);
      }
    }
    return otherwise;
  }
  chips::Vec vector(const char* name, const chips::Vec& otherwise) const {
    char axis[32];
    snprintf(axis, sizeof axis, "%s_", name);
    const size_t at = strlen(axis);
    double found[3];
    const double fallback[] = {otherwise.x, otherwise.y, otherwise.z};
    for (int i = 0; i < 3; ++i) {
      axis[at] = static_cast<char>('x' + i);
      axis[at + 1] = '\0';
      found[i] = number(axis, fallback[i]);
    }
    return {found[0], found[1], found[2]};
  }
};

// Takes what a board::Imu feeds.
class Recorder {
 public:
  Recorder()
      : imu_(fopen("imu.bin", "wb")),
        mag_(fopen("mag.bin", "wb")),
        temperature_(fopen("temperature.bin", "wb")) {}
  ~Recorder() {
    fclose(imu_);
    fclose(mag_);
    fclose(temperature_);
  }

  void lose(uint32_t samples) {
    number += samples;
    lost += samples;
  }
  void take(const imu_gesture::RawSample& sample) {
    put(imu_, number++);
    put(imu_, sample.device_time_us);
    fwrite(sample.counts, sizeof sample.counts, 1, imu_);
  }
  void take(const imu_gesture::RawMagSample& sample) {
    put(mag_, sample.device_time_us);
    fwrite(sample.counts, sizeof sample.counts, 1, mag_);
  }
  void take_temperature(uint32_t device_time_us, int16_t centi_c) {
    put(temperature_, device_time_us);
    fwrite(&centi_c, sizeof centi_c, 1, temperature_);
  }

  uint32_t number = 0;
  uint32_t lost = 0;

 private:
  static void put(FILE* file, uint32_t value) { fwrite(&value, sizeof value, 1, file); }

  FILE* imu_;
  FILE* mag_;
  FILE* temperature_;
};

board::ImuSettings settings_of(const Arguments& arguments) {
  board::ImuSettings settings = {};
  settings.rate = static_cast<board::ImuRate>(arguments.number("rate", 0));
  settings.acc = static_cast<board::AccRange>(arguments.number("acc", 1));
  settings.gyr = static_cast<board::GyrRange>(arguments.number("gyr", 2));
  return settings;
}

void break_things(const Arguments& arguments, chips::SensorBoard* board, chips::SimulatedBus* bus) {
  board->lsm9ds1.rate_error = board->bmi270.rate_error = arguments.number("rate_error", 0.0);
  board->bmi270.fifo_delay_us = arguments.number("fifo_delay_us", 100.0);
  board->bmi270.accepts_image = arguments.number("accepts_image", 1) != 0.0;
  board->lsm9ds1.keeps_settings = arguments.number("keeps_settings", 1) != 0.0;
  board->bmi270.keeps_settings = board->lsm9ds1.keeps_settings;
  board->bmm150.noisy = arguments.number("noisy", 0) != 0.0;
  board->bmm150.hall = static_cast<int>(arguments.number("hall", board->bmm150.hall));
  board->bmm150.overflows = arguments.number("overflows", 0) != 0.0;
  board->has_mag = arguments.number("has_mag", 1) != 0.0;
  bus->unplugged_us = arguments.number("unplugged_us", 1e18);
  bus->plugged_us = arguments.number("plugged_us", 1e18);
}

// An earlier program of the board, with other settings, that was reset while the chips went on.
void leave_traces(board::ImuBus* bus) {
  board::Imu earlier(bus);
  board::ImuSettings settings = {};
  settings.rate = board::ImuRate::k952Hz;
  settings.acc = board::AccRange::k16g;
  settings.gyr = board::GyrRange::k245dps;
  earlier.begin(settings);
  bus->write(board::lsm9ds1::kAccGyr, 0x13, 0x38);  // ORIENT_CFG_G: all signs turned
  bus->write(board::lsm9ds1::kMag, 0x06, 0x10);     // OFFSET_X_REG_H_M
  bus->wait_us(300000);
}

void print_map(const char* name, const board::AxisMap& map) {
  printf("%s=", name);
  for (int i = 0; i < 3; ++i) {
    printf("%d%s", map.sign[i] * (map.from[i] + 1), i < 2 ? "," : "\n");
  }
}

void say(const char* name, double value) { printf("%s=%.9g\n", name, value); }

void describe(const board::Imu& imu) {
  const board::ImuDescription& is = imu.description();
  say("acc_g_per_lsb", static_cast<double>(is.acc_g_per_lsb));
  say("gyr_dps_per_lsb", static_cast<double>(is.gyr_dps_per_lsb));
  say("mag_ut_per_lsb", static_cast<double>(is.mag_ut_per_lsb));
  say("rate_hz", static_cast<double>(is.rate_hz));
  say("mag_rate_hz", static_cast<double>(is.mag_rate_hz));
  say("measured_rate_hz", static_cast<double>(imu.measured_rate_hz()));
  say("restarts", imu.restarts());
  print_map("map_lsm9ds1", board::kLsm9ds1AccGyr);
  print_map("map_lsm9ds1_mag", board::kLsm9ds1Mag);
  print_map("map_bmi270", board::kBmi270);
  print_map("map_bmm150", board::kBmm150);
}

const char* or_nothing(const char* text) { return text == nullptr ? "" : text; }

chips::World world_of(const Arguments& arguments) {
  chips::World world;
  world.rate_dps = arguments.vector("rate_dps", world.rate_dps);
  world.up_g = arguments.vector("up_g", world.up_g);
  world.field_ut = arguments.vector("field_ut", world.field_ut);
  world.spin_dps_per_s = arguments.number("spin", 0.0);
  world.celsius = arguments.number("celsius", world.celsius);
  return world;
}

}  // namespace

int main(int count, char** values) {
  const Arguments arguments = {count, values};
  const chips::World world = world_of(arguments);
  chips::SensorBoard sensors(static_cast<int>(arguments.number("board", 1)), &world);
  chips::SimulatedBus bus(&sensors, arguments.number("clock_us", 0.0));
  break_things(arguments, &sensors, &bus);
  if (arguments.number("traces", 0) != 0.0) {
    leave_traces(&bus);
  }
  board::Imu imu(&bus);
  const double started_us = bus.time_us;
  imu.begin(settings_of(arguments));
  say("begin_us", bus.time_us - started_us);
  bus.byte_us = arguments.number("byte_us", bus.byte_us);
  bus.fails_every = arguments.number("fails_every", 0.0);
  Recorder recorder;
  const double end_us = bus.time_us + 1e6 * arguments.number("seconds", 2.0);
  const double pause_us = arguments.number("poll_us", 1000.0);
  double stall_us = arguments.number("stall_us", 0.0);
  const double stall_at_us = bus.time_us + 1e6 * arguments.number("stall_after", 1.5);
  const char* worst = nullptr;
  while (bus.time_us < end_us) {
    imu.feed(&recorder);
    worst = imu.problem() != nullptr ? imu.problem() : worst;
    bus.time_us += pause_us;
    if (stall_us > 0.0 && bus.time_us >= stall_at_us) {
      bus.time_us += stall_us;
      stall_us = 0.0;
    }
  }
  describe(imu);
  say("lost", recorder.lost);
  say("time_us", bus.time_us);
  printf("problem=%s\nworst_problem=%s\n", or_nothing(imu.problem()), or_nothing(worst));
  return 0;
}
