#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
  fprintf(stderr, "clock-random: %s: error %d\n", what, errno);
  exit(1);
}

static struct timespec read_clock(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time) != 0) fail("clock");
  return time;
}

/// From one reading of a clock to another, in nanoseconds.
static long long between(struct timespec from, struct timespec to) {
  return (to.tv_sec - from.tv_sec) * 1000000000LL + (to.tv_nsec - from.tv_nsec);
}

int main(void) {
  // The time of day. Someone may set this clock, forwards or back.
  struct timespec now = read_clock(CLOCK_REALTIME);
  printf("time: %lld s and %ld ns since 1970\n", (long long)now.tv_sec, now.tv_nsec);

  // A clock that nobody can set: for durations.
  struct timespec first = read_clock(CLOCK_MONOTONIC);
  struct timespec second = read_clock(CLOCK_MONOTONIC);
  printf("between two readings: %lld ns\n", between(first, second));

  // One second, or a little more. This function returns its error number.
  struct timespec one_second = {.tv_sec = 1};
  errno = clock_nanosleep(CLOCK_MONOTONIC, 0, &one_second, NULL);
  if (errno != 0) fail("sleep");
  printf("asleep for a second: %lld ns\n", between(second, read_clock(CLOCK_MONOTONIC)));

  unsigned char bytes[16];
  if (getentropy(bytes, sizeof bytes) != 0) fail("random");
  printf("random: ");
  for (size_t i = 0; i < sizeof bytes; i++) {
    printf("%02x", bytes[i]);
  }
  puts("");
}
