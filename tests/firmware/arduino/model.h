// TensorFlow's place is taken by a model that always says the first class.
#pragma once

namespace inference {

const char* begin() { return nullptr; }

bool classify(void*, const int8_t*, int8_t* scores) {
  for (int c = 0; c < kModelClasses; ++c) {
    scores[c] = c == 0 ? 127 : -128;
  }
  return true;
}

size_t arena_used_bytes() { return 1234; }

bool Loader::load(const uint8_t*, uint32_t, int, int) { return true; }
void Loader::load_built_in() {}
uint32_t Loader::arena_bytes() const { return 8192; }

}  // namespace inference
