// The thread that owns the device: it takes samples and commands from the rings, recognises, answers,
// remembers, and shows what it does. No other thread touches the device.
#pragma once

#include <Arduino.h>
#include <rtos/ThisThread.h>
#include <rtos/Thread.h>
#include <stdint.h>

#include "../core/button.h"
#include "../core/duty.h"
#include "../core/link_switch.h"
#include "boot.h"
#include "light.h"
#include "linking.h"
#include "sensing.h"
#include "shield_button.h"
#include "watchdog.h"

namespace board {

// Half of it for TensorFlow's interpreter; the rest is known from a run on a computer.
constexpr uint32_t kThinkingStackBytes = 8192;

// Who gives it work, and whom it tells to doze.
struct Neighbours {
  Sensing* sensing;
  SensorRing* samples;
  Linking* linking;
  imu_gesture::Inbox* inbox;
  imu_gesture::Outbound* outbound;
};

template <typename Device>
class Thinking {
 public:
  Thinking(Device* device, typename Device::Recogniser* recogniser, const Neighbours& neighbours)
      : device_(device),
        recogniser_(recogniser),
        near_(neighbours),
        switch_(device, neighbours.inbox, neighbours.outbound),
        thread_(osPriorityAboveNormal, kThinkingStackBytes, stack_, "thinking") {}

  // Call once, after the device's begin(). `problem`: of the model; null: none.
  void start(const char* problem) {
    problem_ = problem;
    switch_.begin(UsbLink::params(), BleLink::params());
    thread_.start(mbed::callback(this, &Thinking::run));
  }

  rtos::Thread* thread() { return &thread_; }

 private:
  static constexpr uint32_t kMostSamples = 16;       // between two looks at the links
  static constexpr uint32_t kSecondUs = 1000000;
  static constexpr uint32_t kResetDelayUs = 300000;  // for the answer to reach the host
  static constexpr uint8_t kErrorImu = 1;            // red blinks
  static constexpr uint8_t kErrorModel = 2;

  void run() {
    for (;;) {
      rtos::ThisThread::flags_wait_any_for(1, std::chrono::milliseconds(20));
      const uint32_t began_us = static_cast<uint32_t>(micros());
      step();
      const uint32_t took_us = imu_gesture::elapsed_us(began_us, static_cast<uint32_t>(micros()));
      imu_gesture::Health& health = device_->health();
      health.loop_max_us = took_us > health.loop_max_us ? took_us : health.loop_max_us;
      is_alive(Worker::kThinking);
    }
  }

  void step() {
    uint32_t given = 0;
    do {
      given = near_.samples->drain(device_, kMostSamples);
      switch_.serve(now());
    } while (given == kMostSamples);
    const uint32_t now_us = now();  // later than every sample
    look_at_button(now_us);
    if (imu_gesture::elapsed_us(second_us_, now_us) >= kSecondUs) {
      second_us_ = now_us;
      every_second();
    }
    device_->poll(now_us);
    switch_.serve(now_us);
    save_power(now_us);
    show_activity(now_us);
    reset_if_asked(now_us);
  }

  static uint32_t now() { return static_cast<uint32_t>(micros()); }

  const char* problem() const { return problem_ != nullptr ? problem_ : near_.sensing->problem(); }

  static uint32_t stack_free_bytes(const rtos::Thread& thread) {
    const uint32_t used = thread.max_stack();
    return used < thread.stack_size() ? thread.stack_size() - used : 0U;
  }

  void every_second() {
    const uint32_t free[] = {near_.linking->stack_free_bytes(), stack_free_bytes(near_.sensing->thread()),
                             stack_free_bytes(thread_)};
    uint32_t least = free[0];
    for (const uint32_t bytes : free) {
      least = bytes < least ? bytes : least;
    }
    device_->health().stack_free_bytes = least;
    if (problem() != nullptr) {
      device_->say(2, problem());
    }
  }

  void look_at_button(uint32_t now_us) {
    const imu_gesture::Press press = button_.update(shield_button_is_down(), now_us);
    if (press != imu_gesture::Press::kNone) {
      const bool is_long = press == imu_gesture::Press::kLong;
      device_->mark(now_us, is_long ? imu_gesture::kMarkCapture : imu_gesture::kMarkButton);
    }
  }

  void save_power(uint32_t now_us) {
    duty_.update(recogniser_->at_rest(), device_->streaming() || device_->identifying(), now_us);
    recogniser_->doze(duty_.dozing());
    near_.sensing->doze(duty_.dozing());
    near_.linking->doze(duty_.dozing());
  }

  void show_activity(uint32_t now_us) {
    imu_gesture::Activity activity;
    activity.error = problem() == nullptr ? 0U : problem_ != nullptr ? kErrorModel : kErrorImu;
    activity.identifying = device_->identifying();
    activity.gesture = device_->recognition().gestures() > 0U;
    activity.gesture_us = device_->recognition().newest_us();
    activity.streaming = device_->streaming();
    activity.resting = duty_.dozing();
    const imu_gesture::Colour colour = indicator_.colour(activity, now_us);
    if (colour != colour_) {
      colour_ = colour;
      show(colour);
    }
  }

  void reset_if_asked(uint32_t now_us) {
    if (!device_->reset_requested()) {
      asked_us_ = now_us;
    } else if (imu_gesture::elapsed_us(asked_us_, now_us) >= kResetDelayUs) {
      reset(-1);
    }
  }

  Device* device_;
  typename Device::Recogniser* recogniser_;
  Neighbours near_;
  imu_gesture::LinkSwitch<Device> switch_;
  imu_gesture::Button button_;
  imu_gesture::Duty duty_;
  imu_gesture::Indicator indicator_;
  imu_gesture::Colour colour_ = imu_gesture::Colour::kOff;
  const char* problem_ = nullptr;
  uint32_t second_us_ = 0;
  uint32_t asked_us_ = 0;
  alignas(8) unsigned char stack_[kThinkingStackBytes];
  rtos::Thread thread_;
};

}  // namespace board
