// In ArduinoBLE's place: a central that connects, subscribes, writes and is notified. As the library
// does, it keeps one value for each characteristic, clips notifications, and waits while the radio
// does not take them.
#include <ArduinoBLE.h>
#include <string.h>

#include "host.h"

class BLELocalCharacteristic {
 public:
  uint16_t properties = 0;
  uint8_t value[512] = {};
  int length = 0;
  BLECharacteristicEventHandler written = nullptr;
};

namespace {

constexpr int kNotification = 244;
constexpr int kQueue = 64;

BLELocalCharacteristic g_characteristics[8];
int g_count = 0;
bool g_connected = false;
bool g_subscribed = false;
bool g_hangs = false;
uint16_t g_interval = 0;
int g_sizes[kQueue];
uint8_t g_sent[kQueue][kNotification];
int g_first = 0;
int g_waiting = 0;
uint8_t g_command[512];
int g_command_size = 0;

BLELocalCharacteristic* with(uint16_t property) {
  for (int i = 0; i < g_count; ++i) {
    if (g_characteristics[i].properties == property) {
      return &g_characteristics[i];
    }
  }
  return nullptr;
}

// The characteristic whose handler is called, as the library makes it from its own part.
BLECharacteristic* g_commands = nullptr;

void poll() {
  BLELocalCharacteristic* commands = with(BLEWrite);
  if (g_command_size > 0 && commands != nullptr && commands->written != nullptr) {
    memcpy(commands->value, g_command, sizeof g_command);
    commands->length = g_command_size;
    g_command_size = 0;
    commands->written(BLEDevice(), *g_commands);
  }
}

}  // namespace

namespace host {

void radio_connect(bool connected) {
  g_connected = connected;
  g_subscribed = g_subscribed && connected;
  g_waiting = 0;
}
void radio_subscribe(bool subscribed) { g_subscribed = subscribed; }
void radio_write(const uint8_t* data, int size) {
  memcpy(g_command, data, static_cast<size_t>(size));
  g_command_size = size;
}
int radio_get(uint8_t* data, int) {
  if (g_waiting == 0) {
    return 0;
  }
  const int size = g_sizes[g_first];
  memcpy(data, g_sent[g_first], static_cast<size_t>(size));
  g_first = (g_first + 1) % kQueue;
  --g_waiting;
  return size;
}
uint16_t radio_advertising_interval() { return g_interval; }
void radio_hang(bool hangs) { g_hangs = hangs; }

}  // namespace host

BLEDevice::BLEDevice() {}
BLEDevice::~BLEDevice() {}

BLECharacteristic::BLECharacteristic(const char*, uint16_t permissions, int, bool)
    : _local(&g_characteristics[g_count++]) {
  _local->properties = permissions;
}
BLECharacteristic::BLECharacteristic(const BLECharacteristic& other) : _local(other._local) {}
BLECharacteristic::~BLECharacteristic() {}
const uint8_t* BLECharacteristic::value() const { return _local->value; }
int BLECharacteristic::valueLength() const { return _local->length; }
int BLECharacteristic::writeValue(const uint8_t value[], int length, bool) {
  memcpy(_local->value, value, static_cast<size_t>(length));
  _local->length = length;
  if (_local->properties == BLENotify && g_subscribed) {
    while (g_hangs || g_waiting == kQueue) {
      host::pass_us(1000);
      host::let_others_run();
    }
    const int size = length < kNotification ? length : kNotification;
    const int slot = (g_first + g_waiting++) % kQueue;
    g_sizes[slot] = size;
    memcpy(g_sent[slot], value, static_cast<size_t>(size));
  }
  return length;
}
bool BLECharacteristic::subscribed() { return g_subscribed; }
void BLECharacteristic::setEventHandler(int event, BLECharacteristicEventHandler handler) {
  if (event == BLEWritten) {
    _local->written = handler;
    g_commands = this;
  }
}

BLEService::BLEService(const char*) {}
BLEService::~BLEService() {}
void BLEService::addCharacteristic(BLECharacteristic&) {}

BLELocalDevice::~BLELocalDevice() {}
int BLELocalDevice::begin() { return 1; }
bool BLELocalDevice::connected() const {
  poll();
  return g_connected;
}
bool BLELocalDevice::setAdvertisedService(const BLEService&) { return true; }
bool BLELocalDevice::setLocalName(const char*) { return true; }
void BLELocalDevice::setDeviceName(const char*) {}
void BLELocalDevice::addService(BLEService&) {}
int BLELocalDevice::advertise() { return 1; }
void BLELocalDevice::setAdvertisingInterval(uint16_t interval) { g_interval = interval; }
void BLELocalDevice::setConnectionInterval(uint16_t, uint16_t) {}

static BLELocalDevice g_device;
BLELocalDevice& BLE = g_device;
