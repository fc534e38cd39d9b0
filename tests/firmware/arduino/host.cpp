// Time, pins and sensors of the board, on this computer: the sensor bus leads to modelled chips, at
// 400 kHz where time is simulated. In the environment: SENSORS=1 and 2 are the board revisions, 0 one without
// sensors; SILENT_AFTER_US is when they lose their supply for 0.4 s.
#include <Arduino.h>
#include <Wire.h>
#include <hal/nrf_gpio.h>
#include <stdlib.h>

#include "../chips/sensor_board.h"
#include "host.h"

namespace {

const chips::Vec kTurning = {60.0, -40.0, 70.0};  // deg/s
constexpr double kByteUs = 9.0 / 0.4;
constexpr double kTransferUs = 20.0;

double setting(const char* name, double otherwise) {
  const char* text = getenv(name);
  return text == nullptr ? otherwise : atof(text);
}

chips::World turning() {
  chips::World world;
  world.rate_dps = kTurning;
  return world;
}

chips::World g_world = turning();
chips::SensorBoard g_sensors(static_cast<int>(setting("SENSORS", 1)), &g_world);
const double g_silent_us = setting("SILENT_AFTER_US", 1e18);
uint8_t g_address = 0;
uint8_t g_sent[256];
int g_sent_size = 0;
uint8_t g_received[256];
int g_received_size = 0;
int g_received_next = 0;
double g_owed_us = 0.0;
double g_bus_us = 0.0;
bool g_button = false;
bool g_low[32] = {};

double bus_time_us(int bytes) {
  if (host::time_is_simulated()) {
    const double took_us = kTransferUs + bytes * kByteUs;
    g_bus_us += took_us;
    g_owed_us += took_us;
    const uint64_t whole_us = static_cast<uint64_t>(g_owed_us);
    host::pass_us(whole_us);
    g_owed_us -= static_cast<double>(whole_us);
  }
  const double now = static_cast<double>(host::now_us());
  g_sensors.plug(now < g_silent_us || now > g_silent_us + 400e3);
  return now;
}

// What goes over the bus: to the chips, or from them.
struct Transfer {
  bool reads;
  int size;
  bool answered;
};

void carry_out(void* context) {
  Transfer& transfer = *static_cast<Transfer*>(context);
  const double now = bus_time_us(transfer.reads ? 1 : 1 + transfer.size);
  transfer.answered = transfer.reads ? g_sensors.read(g_address, g_received, transfer.size, now)
                                     : g_sensors.write(g_address, g_sent, transfer.size, now);
}

}  // namespace

arduino::MbedI2C Wire;
arduino::MbedI2C Wire1;

namespace host {

double bus_us() { return g_bus_us; }
void press_button(bool down) { g_button = down; }
int light() { return (g_low[LEDR] ? 1 : 0) | (g_low[LEDG] ? 2 : 0) | (g_low[LEDB] ? 4 : 0); }
void turn_board(bool turning) { g_world.rate_dps = turning ? kTurning : chips::Vec{0.0, 0.0, 0.0}; }

}  // namespace host

extern "C" {
unsigned long micros() { return static_cast<uint32_t>(host::now_us()); }
void delay(unsigned long ms) { host::pass_us(1000U * ms); }
void delayMicroseconds(unsigned int us) { host::pass_us(us); }
void pinMode(pin_size_t, PinMode) {}
void digitalWrite(pin_size_t pin, PinStatus status) { g_low[pin] = status == LOW; }
}
PinName digitalPinToPinName(pin_size_t) { return P0_13; }

void nrf_gpio_cfg(uint32_t, nrf_gpio_pin_dir_t, nrf_gpio_pin_input_t, nrf_gpio_pin_pull_t, nrf_gpio_pin_drive_t,
                  nrf_gpio_pin_sense_t) {}
uint32_t nrf_gpio_pin_read(uint32_t) { return g_button ? 0U : 1U; }

namespace arduino {

void MbedI2C::begin() {}
void MbedI2C::setClock(uint32_t) {}
void MbedI2C::beginTransmission(uint8_t address) {
  g_address = address;
  g_sent_size = 0;
}
size_t MbedI2C::write(uint8_t data) { return write(&data, 1); }
size_t MbedI2C::write(const uint8_t* data, int len) {
  for (int i = 0; i < len && g_sent_size < 256; ++i) {
    g_sent[g_sent_size++] = data[i];
  }
  return static_cast<size_t>(len);
}
uint8_t MbedI2C::endTransmission(bool) {
  Transfer transfer = {false, g_sent_size, false};
  host::aside(carry_out, &transfer);
  return transfer.answered ? 0 : 2;
}
uint8_t MbedI2C::endTransmission() { return endTransmission(true); }
size_t MbedI2C::requestFrom(uint8_t address, size_t len, bool) {
  g_received_next = 0;
  g_address = address;
  Transfer transfer = {true, static_cast<int>(len), false};
  host::aside(carry_out, &transfer);
  g_received_size = transfer.answered ? transfer.size : 0;
  bus_time_us(transfer.size);
  return static_cast<size_t>(g_received_size);
}
size_t MbedI2C::requestFrom(uint8_t address, size_t len) { return requestFrom(address, len, true); }
int MbedI2C::available() { return g_received_size - g_received_next; }
int MbedI2C::peek() { return available() > 0 ? g_received[g_received_next] : -1; }
int MbedI2C::read() { return available() > 0 ? g_received[g_received_next++] : -1; }

}  // namespace arduino
