// The USB port: what a program at the other end has written, and what it has not read yet. Or the
// standard streams, for a host in another process.
#include <USB/PluggableUSBSerial.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

namespace {

constexpr int kPacket = 64;  // of USB: one is on its way at a time
constexpr int kBytes = 65536;

bool g_open = false;
bool g_standard = false;
uint8_t g_to_board[kBytes];
int g_to_board_size = 0;
int g_to_board_at = 0;
uint8_t g_to_host[kPacket];
int g_to_host_size = 0;

}  // namespace

namespace host {

void usb_plug(bool open) {
  g_open = open;
  g_to_host_size = 0;
  g_to_board_size = 0;
  g_to_board_at = 0;
}
void usb_put(const uint8_t* data, int size) {
  if (g_to_board_at == g_to_board_size) {
    g_to_board_at = 0;
    g_to_board_size = 0;
  }
  memcpy(g_to_board + g_to_board_size, data, static_cast<size_t>(size));
  g_to_board_size += size;
}
int usb_get(uint8_t* data, int) {
  const int size = g_to_host_size;
  memcpy(data, g_to_host, static_cast<size_t>(size));
  g_to_host_size = 0;
  return size;
}
void usb_use_standard_streams() {
  g_standard = true;
  g_open = true;
}

}  // namespace host

namespace arduino {

bool USBSerial::connected() { return g_open; }
int USBSerial::available() {
  if (g_standard) {
    struct pollfd waiting = {0, POLLIN, 0};
    return poll(&waiting, 1, 0) > 0 && (waiting.revents & POLLIN) != 0 ? 1 : 0;
  }
  return g_to_board_size - g_to_board_at;
}
int USBSerial::read() {
  if (!g_standard) {
    return g_to_board_at < g_to_board_size ? g_to_board[g_to_board_at++] : -1;
  }
  uint8_t byte = 0;
  if (::read(0, &byte, 1) != 1) {
    _exit(0);  // the host has gone
  }
  return byte;
}

void USBCDC::send_nb(uint8_t* buffer, uint32_t size, uint32_t* actual, bool) {
  if (g_standard) {
    const ssize_t written = ::write(1, buffer, size);
    *actual = written > 0 ? static_cast<uint32_t>(written) : 0U;
    return;
  }
  *actual = g_open && g_to_host_size == 0 ? size : 0U;
  memcpy(g_to_host, buffer, *actual);
  g_to_host_size = static_cast<int>(*actual) + g_to_host_size;
}

size_t Print::write(const uint8_t* buffer, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    write(buffer[i]);
  }
  return size;
}

}  // namespace arduino

arduino::USBSerial _SerialUSB;
