// Runs the motion detector on recorded rows, built as the board's compiler builds it.
// rows.bin in: 6 float32 a row, 20 ms apart. states.bin out: for each row whether a motion is over with it, one
// byte, and the saved MotionState. cost.txt out: ticks of `instruction_timer.h` for kLoopInstructions
// instructions, and of all updates.
#pragma GCC optimize("fp-contract=off")
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "instruction_timer.h"
#include "motion.h"
#include "saved_state.h"

namespace {

constexpr int kChannels = 6;
constexpr int kStateRoom = 128;

// Not inlined: what it computes stays between two readings of the timer.
__attribute__((noinline)) bool update(imu_gesture::MotionDetector* detector, const float* row) {
  static const imu_gesture::MotionParams params;
  return detector->update(params, row, kChannels, 0.02F);
}

}  // namespace

int main() {
  FILE* rows = fopen("rows.bin", "rb");
  FILE* states = fopen("states.bin", "wb");
  FILE* cost = fopen("cost.txt", "w");
  if (rows == nullptr || states == nullptr || cost == nullptr ||
      imu_gesture::saved_bytes<imu_gesture::MotionState>() > kStateRoom) {
    return 1;
  }
  imu_gesture::MotionDetector detector;
  float row[kChannels];
  uint32_t ticks = 0;
  instruction_timer::start();
  const uint32_t loop = instruction_timer::loop_ticks();
  while (fread(row, sizeof row, 1, rows) == 1) {
    const uint32_t before = instruction_timer::now();
    const bool over = update(&detector, row);
    ticks += instruction_timer::ticks_since(before);
    uint8_t saved[kStateRoom];
    imu_gesture::save_state(detector.state(), 1, saved);
    fputc(over ? 1 : 0, states);
    fwrite(saved, 1, static_cast<size_t>(imu_gesture::saved_bytes<imu_gesture::MotionState>()), states);
  }
  fprintf(cost, "%" PRIu32 " %" PRIu32, loop, ticks);
  return fclose(states) + fclose(cost);
}
