// Bluetooth by ArduinoBLE: the same packets, one in each notification. Everything here is for one
// thread, which ArduinoBLE blocks when the radio does not get rid of what it has.
#pragma once

#include <stdint.h>

#include "../core/packets.h"
#include "../core/parcel.h"
#include "../core/uplink.h"

namespace board {

class BleLink {
 public:
  // Samples wait for others: ArduinoBLE does not send many notifications a second. How much one of
  // them holds only the host knows, and says.
  static imu_gesture::LinkParams params();

  // Call once, in setup(): the library takes its memory here. False when there is no radio.
  bool begin(const imu_gesture::Hello& identity);

  // Carries what has come and what is to go. `dozing`: to advertise slowly.
  void carry(imu_gesture::LinkPort* port, bool dozing);

 private:
  void advertise(bool dozing);

  bool works_ = false;
  bool connected_ = false;
  bool dozing_ = false;
};

}  // namespace board
