// The Arduino API on this computer: the serial port is standard input and output, the sensor bus
// leads to modelled chips, which live in real time. In the environment: SENSORS=1 and 2 are the board
// revisions, 0 one without sensors; SILENT_AFTER_US is when they lose their supply for 0.4 s.
#include <Arduino.h>
#include <Wire.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../chips/sensor_board.h"

namespace {

// The board turns.
chips::World turning() {
  chips::World world;
  world.rate_dps = {60.0, -40.0, 70.0};
  return world;
}

const chips::World g_world = turning();
chips::SensorBoard g_sensors(atoi(getenv("SENSORS")), &g_world);
const double g_silent_us = atof(getenv("SILENT_AFTER_US"));
uint8_t g_address = 0;
uint8_t g_sent[256];
int g_sent_size = 0;
uint8_t g_received[256];
int g_received_size = 0;
int g_received_next = 0;

double now_us() {
  static const unsigned long started_us = micros();
  const double now = static_cast<double>(micros() - started_us);
  g_sensors.plug(now < g_silent_us || now > g_silent_us + 400e3);
  return now;
}

}  // namespace

arduino::UART _UART_USB_;
arduino::MbedI2C Wire;
arduino::MbedI2C Wire1;

extern "C" {
unsigned long micros() {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint32_t>(now.tv_sec * 1000000LL + now.tv_nsec / 1000);
}
void delay(unsigned long ms) { usleep(static_cast<useconds_t>(ms * 1000U)); }
void delayMicroseconds(unsigned int us) { usleep(us); }
void pinMode(pin_size_t, PinMode) {}
void digitalWrite(pin_size_t, PinStatus) {}
}

namespace arduino {

size_t Print::write(const uint8_t* buffer, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    write(buffer[i]);
  }
  return size;
}

void UART::begin(unsigned long) {}
UART::operator bool() { return true; }
int UART::peek() { return -1; }
int UART::available() {
  struct pollfd waiting = {0, POLLIN, 0};
  return poll(&waiting, 1, 0) > 0 && (waiting.revents & POLLIN) != 0 ? 1 : 0;
}
int UART::read() {
  uint8_t byte = 0;
  if (::read(0, &byte, 1) != 1) {
    _exit(0);  // the host has gone
  }
  return byte;
}
size_t UART::write(uint8_t c) { return write(&c, 1); }
size_t UART::write(const uint8_t* buf, size_t size) {
  return ::write(1, buf, size) == static_cast<ssize_t>(size) ? size : 0U;
}

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
uint8_t MbedI2C::endTransmission(bool) { return g_sensors.write(g_address, g_sent, g_sent_size, now_us()) ? 0 : 2; }
uint8_t MbedI2C::endTransmission() { return endTransmission(true); }
size_t MbedI2C::requestFrom(uint8_t address, size_t len, bool) {
  g_received_next = 0;
  g_received_size = g_sensors.read(address, g_received, static_cast<int>(len), now_us()) ? static_cast<int>(len) : 0;
  return static_cast<size_t>(g_received_size);
}
size_t MbedI2C::requestFrom(uint8_t address, size_t len) { return requestFrom(address, len, true); }
int MbedI2C::available() { return g_received_size - g_received_next; }
int MbedI2C::peek() { return available() > 0 ? g_received[g_received_next] : -1; }
int MbedI2C::read() { return available() > 0 ? g_received[g_received_next++] : -1; }

}  // namespace arduino
