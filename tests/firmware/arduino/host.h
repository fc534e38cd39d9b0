// This computer in the board's place: how the stand-ins for its parts are driven.
#pragma once

#include <stdint.h>

namespace host {

// Time. Simulated time passes while threads sleep, wait or use the bus; otherwise it is the real one.
void use_simulated_time();
bool time_is_simulated();
uint64_t now_us();           // since the program's start
void pass_us(uint64_t us);   // somebody waits without sleeping: others of higher priority may run

// The scheduler: threads by priority, on one thread of this computer. Returns when `end_us` has come.
void run_as_main(void (*main_loop)(), uint64_t end_us);
uint64_t switches();

// Counts memory that is taken while it is watched (heap.cpp).
bool watch_heap(bool watch);  // returns whether it was watched
uint64_t allocations();

// USB: what a program at the other end does.
void usb_plug(bool open);
void usb_put(const uint8_t* data, int size);
int usb_get(uint8_t* data, int capacity);
void usb_use_standard_streams();

// Radio.
void radio_connect(bool connected);
void radio_subscribe(bool subscribed);
void radio_write(const uint8_t* data, int size);
int radio_get(uint8_t* data, int capacity);
uint16_t radio_advertising_interval();
void radio_hang(bool hangs);  // notifications do not go out

// Runs what is not the sketch's on a stack and with a heap of its own.
void aside(void (*errand)(void*), void* context);
void measure_stacks(bool measure);  // it costs time; else no stack of its own
void let_others_run();  // the running thread waits a millisecond

// Pins, sensors.
void press_button(bool down);
int light();  // bits: red, green, blue
void turn_board(bool turning);
double bus_us();  // that transfers took

// Reset.
void keep_memory(uint32_t cause);  // bits of RESETREAS
void recall_memory();

}  // namespace host
