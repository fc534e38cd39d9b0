#pragma GCC optimize("fp-contract=off")
#include "ble_link.h"

#include <ArduinoBLE.h>

#include "../core/contract.h"
#include "../core/fields.h"

namespace board {

using imu_gesture::kLinkBle;
using imu_gesture::LinkPort;

namespace {

constexpr uint32_t kBlockAgeUs = 100000;
constexpr uint16_t kAdvertisePer625us = 160;       // 100 ms
constexpr uint16_t kSlowlyPer625us = 1600;         // 1 s
constexpr uint16_t kShortestIntervalPer1250us = 12;  // 15 ms, what Apple allows
constexpr uint16_t kLongestIntervalPer1250us = 24;
constexpr int kMostAtOnce = 4;  // notifications between two looks at the wire

// Their constructors and begin() are the only ones that allocate.
BLEService g_service(imu_gesture::kBleService);
BLECharacteristic g_commands(imu_gesture::kBleCommands, BLEWrite, imu_gesture::kMaxPacket);
BLECharacteristic g_packets(imu_gesture::kBlePackets, BLENotify, imu_gesture::kMaxPacket);
BLECharacteristic g_card(imu_gesture::kBleCard, BLERead, imu_gesture::kCardBytes, true);

LinkPort* g_port = nullptr;

// Called from BLE.poll(), in its thread, for each write: the library keeps only the last one's value.
// A command that finds no room is asked again.
void on_written(BLEDevice, BLECharacteristic written) {
  if (g_port != nullptr && g_packets.subscribed()) {
    g_port->is_up(kLinkBle, true);  // both may have come in the same poll
    g_port->deliver(kLinkBle, written.value(), written.valueLength());
  }
}

void write_card(const imu_gesture::Hello& identity) {
  imu_gesture::Card card;
  for (int i = 0; i < imu_gesture::kIdBytes; ++i) {
    card.device_id[i] = identity.device_id[i];
  }
  uint8_t bytes[imu_gesture::kCardBytes];
  imu_gesture::FieldWriter out(bytes, imu_gesture::kCardBytes);
  card.fields(out);
  g_card.writeValue(bytes, imu_gesture::kCardBytes);
}

// "gesture-1a2b": the last two bytes of the board's id.
const char* name_of(const imu_gesture::Hello& identity) {
  static char name[] = "gesture-0000";
  const char digits[] = "0123456789abcdef";
  for (int i = 0; i < 4; ++i) {
    const uint8_t byte = identity.device_id[imu_gesture::kIdBytes - 2 + i / 2];
    name[8 + i] = digits[i % 2 == 0 ? byte >> 4 : byte & 0x0F];
  }
  return name;
}

}  // namespace

imu_gesture::LinkParams BleLink::params() {
  imu_gesture::LinkParams link;
  link.trusted = false;
  link.block_age_us = kBlockAgeUs;
  return link;
}

bool BleLink::begin(const imu_gesture::Hello& identity) {
  if (BLE.begin() == 0) {
    return false;
  }
  BLE.setDeviceName(name_of(identity));
  BLE.setLocalName(name_of(identity));
  BLE.setAdvertisedService(g_service);
  BLE.setConnectionInterval(kShortestIntervalPer1250us, kLongestIntervalPer1250us);
  g_service.addCharacteristic(g_commands);
  g_service.addCharacteristic(g_packets);
  g_service.addCharacteristic(g_card);
  BLE.addService(g_service);
  g_commands.setEventHandler(BLEWritten, on_written);
  write_card(identity);
  works_ = true;
  advertise(false);
  return true;
}

void BleLink::advertise(bool dozing) {
  dozing_ = dozing;
  BLE.setAdvertisingInterval(dozing ? kSlowlyPer625us : kAdvertisePer625us);
  BLE.advertise();
}

void BleLink::carry(LinkPort* port, bool dozing) {
  if (!works_) {
    return;
  }
  g_port = port;
  const bool connected = BLE.connected();  // polls
  if (!connected && (connected_ || dozing != dozing_)) {
    advertise(dozing);  // the library does not begin again by itself after every end
  }
  connected_ = connected;
  port->is_up(kLinkBle, connected && g_packets.subscribed());
  for (int i = 0; i < kMostAtOnce; ++i) {
    const imu_gesture::Parcel* parcel = port->next(kLinkBle);
    if (parcel == nullptr) {
      return;
    }
    g_packets.writeValue(parcel->bytes, static_cast<int>(parcel->size));
    port->sent(kLinkBle);
  }
}

}  // namespace board
