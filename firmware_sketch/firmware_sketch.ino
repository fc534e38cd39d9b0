#pragma GCC optimize("fp-contract=off")
// Recognises gestures on an Arduino Nano 33 BLE Sense, Rev1 or Rev2. Wiring only: what is computed
// is in src/core, the model in src/model, the hardware in src/board, TensorFlow in src/inference.

#include "src/board/imu.h"
#include "src/board/usb_text.h"
#include "src/core/firmware.h"
#include "src/inference/classifier.h"
#include "src/model/model_manifest.h"

constexpr uint32_t kLedUs = 300000;  // how long a gesture lights the LED

using Firmware = imu_gesture::Firmware<kModelWindowSamples>;

static board::Imu imu;
static board::UsbText usb;
static Firmware firmware(model_params(), &inference::classify, nullptr);

void setup() {
  usb.begin();
  pinMode(LED_BUILTIN, OUTPUT);
  if (!imu.begin()) {
    usb.fail("no IMU answers on the internal I2C bus");
  }
  const char* problem = inference::begin();
  if (problem != nullptr) {
    usb.fail(problem);
  }
  usb.hello(imu.name(), kModelId, inference::arena_used_bytes());
}

void loop() {
  usb.poll();
  imu_gesture::ImuSample sample;
  if (!imu.read(&sample)) {
    return;
  }
  usb.sample(sample);
  firmware.push(sample);
  static uint32_t newest_gesture_us = 0;
  imu_gesture::GestureEvent event;
  while (firmware.next_event(&event)) {
    usb.gesture(event, kModelLabels[event.label]);
    newest_gesture_us = sample.device_time_us;
    digitalWrite(LED_BUILTIN, HIGH);
  }
  if (imu_gesture::elapsed_us(newest_gesture_us, sample.device_time_us) > kLedUs) {
    digitalWrite(LED_BUILTIN, LOW);
  }
}
