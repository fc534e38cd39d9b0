#pragma GCC optimize("fp-contract=off")
// Recognises gestures on an Arduino Nano 33 BLE Sense, Rev1 or Rev2. Wiring only: what is computed
// is in src/core, the model in src/model, the hardware in src/board, TensorFlow in src/inference.

#include "src/board/identity.h"
#include "src/board/imu.h"
#include "src/board/usb_link.h"
#include "src/board/wire_bus.h"
#include "src/core/device.h"
#include "src/inference/classifier.h"
#include "src/model/model_manifest.h"

constexpr uint32_t kLedUs = 300000;  // how long a gesture lights the LED
constexpr uint32_t kComplaintUs = 1000000;

constexpr int kWindowCapacity = kModelWindowSamples > 128 ? kModelWindowSamples : 128;  // also of models to come

using Recogniser = imu_gesture::Firmware<kWindowCapacity>;
using Device = imu_gesture::Device<kWindowCapacity>;

static board::WireBus g_sensor_bus;
static board::Imu g_imu(&g_sensor_bus);
static board::UsbLink g_usb;
static imu_gesture::BootRecord g_boot;
static Recogniser g_recogniser(model_params(), &inference::classify, nullptr);
static Device g_device(&g_recogniser, &g_boot);
static const char* g_problem = nullptr;

void setup() {
  g_usb.begin();
  g_boot.begin();
  pinMode(LED_BUILTIN, OUTPUT);
  g_sensor_bus.begin();
  g_problem = board::text_of(g_imu.begin());
  if (g_problem == nullptr) {
    g_problem = inference::begin();
  }
  imu_gesture::DeviceParams params;
  params.identity = board::identity(g_imu, kModelId, kModelClasses);
  params.labels = kModelLabels;
  g_device.begin(params);
  g_device.health().arena_used_bytes = static_cast<uint32_t>(inference::arena_used_bytes());
}

void loop() {
  if (g_problem == nullptr) {
    g_imu.feed(&g_device);
  }
  const uint32_t now_us = static_cast<uint32_t>(micros());  // later than every sample
  const char* problem = g_problem != nullptr ? g_problem : g_imu.problem();
  static uint32_t complained_us = 0;
  if (problem != nullptr && imu_gesture::elapsed_us(complained_us, now_us) > kComplaintUs) {
    complained_us = now_us;
    g_device.say(2, problem);
  }
  g_device.poll(now_us);
  g_usb.carry(&g_device, now_us);
  const bool gesture = g_device.recognition().gestures() > 0U &&
                       imu_gesture::elapsed_us(g_device.recognition().newest_us(), now_us) < kLedUs;
  digitalWrite(LED_BUILTIN, gesture || g_device.identifying() ? HIGH : LOW);
}
