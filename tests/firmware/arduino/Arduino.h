// As much of the Arduino API as the sketch uses, declared as the published headers do
// (docs/hardware.md lists which). host.cpp implements it on this computer.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef enum { LOW = 0, HIGH = 1, CHANGE = 2, FALLING = 3, RISING = 4 } PinStatus;
typedef enum { INPUT = 0, OUTPUT = 1, INPUT_PULLUP = 2, INPUT_PULLDOWN = 3, OUTPUT_OPENDRAIN = 4 } PinMode;
typedef uint8_t pin_size_t;

#define PIN_LED (13u)
#define LED_BUILTIN PIN_LED
#define LEDR (22u)
#define LEDG (23u)
#define LEDB (24u)
#define D13 (13u)

typedef enum { P0_13 = 13 } PinName;
extern PinName digitalPinToPinName(pin_size_t P);

extern "C" {
void pinMode(pin_size_t pinNumber, PinMode pinMode);
void digitalWrite(pin_size_t pinNumber, PinStatus status);
unsigned long micros(void);
void delay(unsigned long);
void delayMicroseconds(unsigned int us);
void setup(void);
void loop(void);
}

namespace arduino {

class Print {
 public:
  virtual ~Print() {}
  virtual size_t write(uint8_t) = 0;
  virtual size_t write(const uint8_t* buffer, size_t size);
};

class Stream : public Print {
 public:
  virtual int available() = 0;
  virtual int read() = 0;
  virtual int peek() = 0;
};

}  // namespace arduino

using namespace arduino;
