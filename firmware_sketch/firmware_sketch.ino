#pragma GCC optimize("fp-contract=off")
// Recognises gestures on an Arduino Nano 33 BLE Sense, Rev1 or Rev2. Wiring only: what is computed
// is in src/core, the model in src/model, the hardware in src/board, TensorFlow in src/inference.
//
// Three threads: one reads the sensors, one thinks, and this one speaks to hosts. Rings lie between
// them, and after setup() nothing takes memory.

#include "src/board/entropy.h"
#include "src/board/flash_store.h"
#include "src/board/identity.h"
#include "src/board/imu.h"
#include "src/board/linking.h"
#include "src/board/sensing.h"
#include "src/board/thinking.h"
#include "src/board/wire_bus.h"
#include "src/core/device.h"
#include "src/inference/classifier.h"
#include "src/model/golden_windows.h"
#include "src/model/model_manifest.h"
#include "src/model/sensor_settings.h"

constexpr int kWindowCapacity = kModelWindowSamples;  // models that come over a link have no longer windows

using Recogniser = imu_gesture::Firmware<kWindowCapacity>;
using Device = imu_gesture::Device<kWindowCapacity>;

static board::WireBus g_sensor_bus;
static board::Imu g_imu(&g_sensor_bus);
static Recogniser g_recogniser(model_params(), &inference::classify, nullptr);
static board::FlashStore g_flash;
static inference::Loader g_loader;
static Device g_device(&g_recogniser, board::boot_record(), &g_flash, &g_loader);

static board::SensorRing g_samples;
static imu_gesture::Inbox g_inbox;
static imu_gesture::Outbound g_outbound;
static board::Sensing g_sensing(&g_imu, &g_samples);
static board::Linking g_linking(&g_inbox, &g_outbound);
static board::Thinking<Device> g_thinking(&g_device, &g_recogniser,
                                          {&g_sensing, &g_samples, &g_linking, &g_inbox, &g_outbound});

void setup() {
  const imu_gesture::ResetCause cause = board::take_reset_cause();
  board::boot_record()->begin();
  board::begin_light();
  board::begin_shield_button();
  g_sensor_bus.begin();
  g_imu.begin(kSensorSettings);
  const char* problem = inference::begin();

  imu_gesture::DeviceParams params;
  params.identity = board::identity(g_imu, kModelId, kModelClasses);
  params.identity.reset_cause = static_cast<uint8_t>(cause);
  params.labels = kModelLabels;
  params.proof = &kModelProof;
  board::fill_with_entropy(params.seed, sizeof params.seed);
  g_flash.begin();  // without it the board works, and forgets
  g_device.begin(params);
  g_device.health().arena_used_bytes = static_cast<uint32_t>(inference::arena_used_bytes());

  g_linking.begin(params.identity);
  g_thinking.start(problem);
  g_sensing.start(g_thinking.thread());
  board::start_watchdog();
}

void loop() { g_linking.step(); }
