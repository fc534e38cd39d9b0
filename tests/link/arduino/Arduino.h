// As much of the Arduino API as the text protocol uses: what is printed goes to standard output.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

class SerialPort {
 public:
  const char* host_says = "";

  void begin(unsigned long) {}
  int available() const { return *host_says != '\0' ? 1 : 0; }
  int read() { return *host_says++; }

  void print(char c) { putchar(c); }
  void print(const char* text) { fputs(text, stdout); }
  void print(unsigned long number) { printf("%lu", number); }

  // As ArduinoCore-API's Print::printFloat: half up at the last digit, digit by digit.
  void print(double number, int digits) {
    if (number < 0.0) {
      putchar('-');
      number = -number;
    }
    double half = 0.5;
    for (int i = 0; i < digits; ++i) {
      half /= 10.0;
    }
    number += half;
    const unsigned long whole = static_cast<unsigned long>(number);
    printf("%lu.", whole);
    double rest = number - static_cast<double>(whole);
    for (int i = 0; i < digits; ++i) {
      rest *= 10.0;
      const unsigned digit = static_cast<unsigned>(rest);
      printf("%u", digit);
      rest -= digit;
    }
  }

  void println() { fputs("\r\n", stdout); }
  template <typename T>
  void println(T value) {
    print(value);
    println();
  }
};

extern SerialPort Serial;

inline void delay(unsigned long) {}
