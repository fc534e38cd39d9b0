// The I2C bus, declared as the published headers do; host.cpp connects it to the modelled chips.
#pragma once

#include "Arduino.h"

namespace arduino {

class HardwareI2C : public Stream {
 public:
  virtual void begin() = 0;
  virtual void setClock(uint32_t freq) = 0;
  virtual void beginTransmission(uint8_t address) = 0;
  virtual uint8_t endTransmission(bool stopBit) = 0;
  virtual uint8_t endTransmission(void) = 0;
  virtual size_t requestFrom(uint8_t address, size_t len, bool stopBit) = 0;
  virtual size_t requestFrom(uint8_t address, size_t len) = 0;
};

class MbedI2C : public HardwareI2C {
 public:
  virtual void begin();
  virtual void setClock(uint32_t freq);
  virtual void beginTransmission(uint8_t address);
  virtual uint8_t endTransmission(bool stopBit);
  virtual uint8_t endTransmission(void);
  virtual size_t requestFrom(uint8_t address, size_t len, bool stopBit);
  virtual size_t requestFrom(uint8_t address, size_t len);
  virtual size_t write(uint8_t data);
  virtual size_t write(int data) { return write(static_cast<uint8_t>(data)); }
  virtual size_t write(const uint8_t* data, int len);
  using Print::write;
  virtual int read();
  virtual int peek();
  virtual int available();
};

}  // namespace arduino

extern arduino::MbedI2C Wire;
extern arduino::MbedI2C Wire1;
typedef arduino::MbedI2C TwoWire;
