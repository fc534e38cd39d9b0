// The sketch's text protocol on standard output: samples from standard input, between the
// greeting and the commands of a host, and one gesture in the middle.
#include "usb_text.h"

#include <Arduino.h>

SerialPort Serial;

int main() {
  board::UsbText usb;
  usb.begin();
  usb.hello("LSM9DS1", "0123456789abcdef", 1234);
  imu_gesture::ImuSample sample = {1, {0, 0, 1}, {0, 0, 0}};
  usb.sample(sample);  // nobody has asked for samples yet
  Serial.host_says = "s";
  usb.poll();
  for (int i = 0; fread(&sample, sizeof sample, 1, stdin) == 1; ++i) {
    usb.sample(sample);
    if (i == 99) {
      usb.gesture({sample.device_time_us, 0, 224}, "wave, caf\303\251");
    }
  }
  Serial.host_says = "x";
  usb.poll();
  usb.sample(sample);
  return 0;
}
