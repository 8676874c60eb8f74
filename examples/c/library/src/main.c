// Functions for a host to call. They can take and return only numbers, so a list
// or a text is an address in memory, and a size.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Exports a function from the module, under its own name.
#define EXPORT(name) __attribute__((export_name(#name))) name

/// Takes memory and returns its address: a multiple of 8, NULL if none is left.
void *EXPORT(allocate)(size_t size) {
  // At least a byte: malloc may return NULL for nothing.
  return malloc(size == 0 ? 1 : size);
}

/// Gives memory back. The library knows how much it was.
void EXPORT(deallocate)(void *address, size_t size) {
  (void)size;
  free(address);
}

double EXPORT(add)(double a, double b) {
  return a + b;
}

/// The sum of some numbers, one after the other in memory.
double EXPORT(sum)(const double *numbers, size_t count) {
  double total = 0;
  for (size_t i = 0; i < count; i++) {
    total += numbers[i];
  }
  return total;
}

/// A text with its size before it, which may contain any byte, zeros as well.
struct text {
  uint32_t size;
  char bytes[];
};

/// A greeting, in memory that the host has to give back. NULL if there is none.
struct text *EXPORT(greet)(const char *name, size_t size) {
  static const char before[] = "Hello, ";
  static const char after[] = "!";
  // Without the zero at the end of each.
  size_t before_size = sizeof before - 1;
  size_t after_size = sizeof after - 1;

  size_t length = before_size + size + after_size;
  struct text *greeting = allocate(sizeof *greeting + length);
  if (greeting == NULL) return NULL;
  greeting->size = length;
  memcpy(greeting->bytes, before, before_size);
  memcpy(greeting->bytes + before_size, name, size);
  memcpy(greeting->bytes + before_size + size, after, after_size);
  return greeting;
}
