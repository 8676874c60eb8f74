#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// One or more digits, at most 255: larger exit codes don't get through the
/// systems around WASI. -1 for anything else.
static int parse(const char *text) {
  int code = 0;
  for (const char *digit = text; *digit != '\0'; digit++) {
    if (!isdigit((unsigned char)*digit)) return -1;
    code = 10 * code + (*digit - '0');
    if (code > 255) return -1;
  }
  return *text == '\0' ? -1 : code;
}

int main(int argc, char *argv[]) {
  // What main returns is the exit code.
  if (argc == 1) return 0;

  if (argc == 2 && strcmp(argv[1], "trap") == 0) {
    // The instruction `unreachable`, in which abort() and a failed assert() end
    // as well. It stops the program, and there is no exit code. A host reports
    // that in its own way; wasi-kit exits with 134.
    __builtin_trap();
  }

  int code = argc == 2 ? parse(argv[1]) : -1;
  if (code == -1) {
    fputs("usage: exit-code [0-255|trap]\n", stderr);
    return 2;
  }

  // From anywhere in a program. It calls WASI's proc_exit, which does not
  // return.
  exit(code);
}
