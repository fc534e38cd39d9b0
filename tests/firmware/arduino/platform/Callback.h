// Mbed OS's Callback without arguments: a function, or an object and its member.
#pragma once

#include <string.h>

namespace mbed {

template <typename F>
class Callback;

template <>
class Callback<void()> {
 public:
  Callback(void (*function)() = nullptr) : object_(nullptr), call_(&call_function) {
    memcpy(target_, &function, sizeof function);
  }
  template <typename T>
  Callback(T* object, void (T::*member)()) : object_(object), call_(&call_member<T>) {
    static_assert(sizeof member <= sizeof target_, "room for a member");
    memcpy(target_, &member, sizeof member);
  }
  void operator()() const { call_(*this); }

 private:
  static void call_function(const Callback& self) {
    void (*function)();
    memcpy(&function, self.target_, sizeof function);
    function();
  }
  template <typename T>
  static void call_member(const Callback& self) {
    void (T::*member)();
    memcpy(&member, self.target_, sizeof member);
    (static_cast<T*>(self.object_)->*member)();
  }

  void* object_;
  void (*call_)(const Callback&);
  unsigned char target_[2 * sizeof(void*)];
};

inline Callback<void()> callback(void (*function)()) { return Callback<void()>(function); }
template <typename T>
Callback<void()> callback(T* object, void (T::*member)()) {
  return Callback<void()>(object, member);
}

}  // namespace mbed
