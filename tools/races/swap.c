// Swaps two names of the file system as fast as the kernel can: swap PATH PATH. It ends when its parent does.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // On one core it stays, and the other side goes where there is more room: on the same core they would take turns
  // of milliseconds, and hardly ever meet.
  cpu_set_t core;
  CPU_ZERO(&core);
  CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &core);
  sched_setaffinity(0, sizeof core, &core);
  while (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) == 0) {
  }
  perror("renameat2");
  return 1;
}
