// Functions of the host in C: declared, with the module and the name by which they are imported.
#include <stdint.h>
#include <string.h>

__attribute__((import_module("env"), import_name("lookup")))
int32_t lookup(const char *key, int32_t key_size, char *value, int32_t room);

__attribute__((import_module("env"), import_name("log")))
void log_text(const char *text, int32_t size);

int main(void) {
  char value[64];
  const char *key = "name";
  // The host writes the value into this program's memory, and returns its size; -1 if there is none.
  int32_t size = lookup(key, (int32_t)strlen(key), value, sizeof value);
  if (size < 0) return 1;
  char text[80] = "Hello, ";
  memcpy(text + 7, value, (size_t)size);
  log_text(text, 7 + size);
  return 0;
}
