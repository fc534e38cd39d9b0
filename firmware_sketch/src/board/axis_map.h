// From a chip's axes to the board's.
//
// The board's frame, for both revisions and all three sensors, is right-handed: with the components
// up and the USB socket pointing away from you, x points away from you (to the socket), y to the
// left and z up. A board at rest reads +1 g on the axis that points up, a turn is positive as the
// right hand's fingers show when its thumb points along the axis, and the field is positive towards
// magnetic north. docs/hardware.md says how that is known, and what no board has confirmed yet.
#pragma once

#include <stdint.h>

#include "imu_bus.h"

namespace board {

// Board axis i is chip axis `from[i]` times `sign[i]`.
struct AxisMap {
  uint8_t from[3];
  int8_t sign[3];
};

inline void to_board(const AxisMap& map, const int16_t* chip, int16_t* board) {
  for (int i = 0; i < 3; ++i) {
    board[i] = int16_saturated(chip[map.from[i]] * map.sign[i]);
  }
}

// Three little-endian counts of a chip -> the board's axes.
inline void read_axes(const AxisMap& map, const uint8_t* bytes, int16_t* board) {
  int16_t chip[3];
  for (int i = 0; i < 3; ++i) {
    chip[i] = int16_of(bytes[2 * i], bytes[2 * i + 1]);
  }
  to_board(map, chip, board);
}

}  // namespace board
