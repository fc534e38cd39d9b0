// The USB serial port itself, whose send_nb() does not wait; declared as the board core does.
#pragma once

#include "../Arduino.h"

namespace arduino {

class USBCDC {
 public:
  void send_nb(uint8_t* buffer, uint32_t size, uint32_t* actual, bool now = true);
};

class USBSerial : public USBCDC {
 public:
  bool connected();
  int available(void);
  int read(void);
};

}  // namespace arduino

extern arduino::USBSerial _SerialUSB;
