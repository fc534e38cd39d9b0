#pragma GCC optimize("fp-contract=off")
#include "usb_text.h"

#include <Arduino.h>

namespace board {

constexpr unsigned long kBaudRate = 115200;  // USB ignores it
constexpr int kAccDecimals = 6;              // more than a count is worth, so none is lost
constexpr int kGyrDecimals = 4;

void UsbText::begin() { Serial.begin(kBaudRate); }

void UsbText::poll() {
  while (Serial.available() > 0) {
    const int command = Serial.read();
    if (command == 's') {
      Serial.println("device_time_us,aX,aY,aZ,gX,gY,gZ");
      streaming_ = true;
    } else if (command == 'x') {
      streaming_ = false;
    }
  }
}

void UsbText::hello(const char* imu, const char* model_id, size_t arena_used_bytes) {
  Serial.print("# imu-gesture, ");
  Serial.print(imu);
  Serial.print(", model ");
  Serial.print(model_id);
  Serial.print(", arena used ");
  Serial.println(static_cast<unsigned long>(arena_used_bytes));
}

void UsbText::sample(const imu_gesture::ImuSample& sample) {
  if (!streaming_) {
    return;
  }
  Serial.print(static_cast<unsigned long>(sample.device_time_us));
  for (int axis = 0; axis < imu_gesture::kAxes; ++axis) {
    Serial.print(',');
    Serial.print(sample.acc_g[axis], kAccDecimals);
  }
  for (int axis = 0; axis < imu_gesture::kAxes; ++axis) {
    Serial.print(',');
    Serial.print(sample.gyr_dps[axis], kGyrDecimals);
  }
  Serial.println();
}

void UsbText::gesture(const imu_gesture::GestureEvent& event, const char* label) {
  Serial.print("# gesture,");
  Serial.print(static_cast<unsigned long>(event.device_time_us));
  Serial.print(',');
  Serial.print(static_cast<float>(event.score) / static_cast<float>(imu_gesture::kScoreLevels), 3);
  Serial.print(',');
  Serial.println(label);
}

void UsbText::fail(const char* problem) {
  for (;;) {
    Serial.print("# error: ");
    Serial.println(problem);
    delay(1000);
  }
}

}  // namespace board
