// As much of the Arduino API as the sketch uses: the serial port is standard input and output.
#pragma once

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#define LED_BUILTIN 13
#define OUTPUT 1
#define HIGH 1
#define LOW 0

class SerialPort {
 public:
  void begin(unsigned long) {}
  explicit operator bool() const { return true; }
  int available() const {
    struct pollfd waiting = {0, POLLIN, 0};
    return poll(&waiting, 1, 0) > 0 && (waiting.revents & POLLIN) != 0 ? 1 : 0;
  }
  int read() {
    uint8_t byte = 0;
    if (::read(0, &byte, 1) != 1) {
      _exit(0);  // the host has gone
    }
    return byte;
  }
  size_t write(const uint8_t* data, size_t size) {
    return ::write(1, data, size) == static_cast<ssize_t>(size) ? size : 0U;
  }
};

extern SerialPort Serial;

inline uint32_t micros() {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint32_t>(now.tv_sec * 1000000LL + now.tv_nsec / 1000);
}
inline void pinMode(int, int) {}
inline void digitalWrite(int, int) {}
