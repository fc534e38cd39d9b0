// Start and end of a run: why the board has started, and what it knows of the run before.
#pragma once

#include "../core/boot_record.h"
#include "../core/packet_types.h"

namespace board {

// Lies where neither the start-up code nor the bootloader writes.
imu_gesture::BootRecord* boot_record();

// Reads, keeps and clears the cause; call once, before anything else.
imu_gesture::ResetCause take_reset_cause();

// The thread that made an end of the last run; -1: none did.
int hung_thread();

// From any context, also an interrupt's. `thread`: the one that hangs; -1: a host has asked for it.
void reset(int thread);

}  // namespace board
