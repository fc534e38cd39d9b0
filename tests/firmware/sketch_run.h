// The sketch, its hosts and its time, for the scenarios.
#pragma once

#include <Arduino.h>
#include <nrf.h>

#include "firmware_sketch.ino"
#include "arduino/flash.h"
#include "arduino/host.h"
#include "arduino/model.h"
#include "sketch_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace {

using host::Peer;
using imu_gesture::PacketType;

constexpr uint64_t kSecond = 1000000;

Peer g_usb(imu_gesture::kLinkUsb);
Peer g_ble(imu_gesture::kLinkBle);
uint64_t g_until_us = 0;
bool g_usb_listens = true;

void say(const char* name, double value) { printf("%s=%.17g\n", name, value); }

// Lets so much time pass; hosts take what comes every millisecond.
void live(double seconds) {
  g_until_us += static_cast<uint64_t>(seconds * 1e6);
  while (host::now_us() < g_until_us) {
    host::run_as_main(loop, host::now_us() + 1000U);
    if (g_usb_listens) {
      g_usb.hear();
    }
    g_ble.hear();
  }
}

// The same without hosts, in long steps.
void live_alone(double seconds) {
  g_until_us += static_cast<uint64_t>(seconds * 1e6);
  host::run_as_main(loop, g_until_us);
}

// A host streams for so long and shows that it lives.
void stream(Peer* peer, int seconds) {
  peer->start();
  for (int i = 0; i < seconds; ++i) {
    live(1.0);
    peer->ask(PacketType::kHeartbeat);
  }
}

void tell(const char* name, const Peer& peer) {
  const host::Told& told = peer.told;
  printf("%s_hellos=%u\n%s_acks=%u\n%s_busy=%u\n%s_samples=%u\n", name, told.hellos, name, told.acks, name, told.busy,
         name, told.samples);
  printf("%s_marks=%u\n%s_mark=%u\n%s_damaged=%u\n", name, told.marks, name, told.last_mark, name, told.damaged);
}

void tell_device() {
  const imu_gesture::Health& health = g_device.health();
  say("numbered", health.imu_numbered);
  say("lost", health.imu_fifo_lost);
  say("dropped", health.imu_dropped);
  say("stack_free", health.stack_free_bytes);
  say("sensing_stack", g_sensing.thread().max_stack());
  say("thinking_stack", g_thinking.thread()->max_stack());
  say("linking_stack", 32768.0 - g_linking.stack_free_bytes());
  say("loop_max_us", health.loop_max_us);
  say("windows", g_recogniser.counters().windows);
  say("gestures", g_device.recognition().gestures());
  say("erases", host::flash_figures().erases);
  say("programs", host::flash_figures().programs);
  say("lowest_erased", host::flash_figures().lowest_erased);
}

}  // namespace
