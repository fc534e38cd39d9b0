// As much of ArduinoBLE as the sketch uses, declared as its headers do. radio.cpp stands in for it.
#pragma once

#include <stdint.h>

enum BLEProperty { BLERead = 0x02, BLEWrite = 0x08, BLENotify = 0x10 };
enum BLECharacteristicEvent { BLESubscribed = 0, BLEUnsubscribed = 1, BLEWritten = 3 };

class BLEDevice {
 public:
  BLEDevice();
  virtual ~BLEDevice();
};

class BLECharacteristic;
typedef void (*BLECharacteristicEventHandler)(BLEDevice device, BLECharacteristic characteristic);

class BLELocalCharacteristic;

class BLECharacteristic {
 public:
  BLECharacteristic(const char* uuid, uint16_t permissions, int valueSize, bool fixedLength = false);
  BLECharacteristic(const BLECharacteristic& other);
  virtual ~BLECharacteristic();
  const uint8_t* value() const;
  int valueLength() const;
  int writeValue(const uint8_t value[], int length, bool withResponse = true);
  bool subscribed();
  void setEventHandler(int event, BLECharacteristicEventHandler eventHandler);

 private:
  friend class BLEService;
  BLELocalCharacteristic* _local;
};

class BLEService {
 public:
  BLEService(const char* uuid);
  virtual ~BLEService();
  void addCharacteristic(BLECharacteristic& characteristic);
};

class BLELocalDevice {
 public:
  virtual ~BLELocalDevice();
  virtual int begin();
  virtual bool connected() const;
  virtual bool setAdvertisedService(const BLEService& service);
  virtual bool setLocalName(const char* localName);
  virtual void setDeviceName(const char* deviceName);
  virtual void addService(BLEService& service);
  virtual int advertise();
  virtual void setAdvertisingInterval(uint16_t advertisingInterval);
  virtual void setConnectionInterval(uint16_t minimumConnectionInterval, uint16_t maximumConnectionInterval);
};

extern BLELocalDevice& BLE;
