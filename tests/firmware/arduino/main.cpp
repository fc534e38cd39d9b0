// The sketch as a program of this computer, in real time, its USB port the standard streams.
#include <Arduino.h>

#include "firmware_sketch.ino"
#include "host.h"
#include "model.h"

int main() {
  host::recall_memory();
  host::usb_use_standard_streams();
  setup();
  host::run_as_main(loop, ~0ULL);
}
