#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "granted.h"

int main(int argc, char *argv[]) {
  if (argc > 2) {
    fputs("usage: remove-file [PATH]\n", stderr);
    return 2;
  }
  const char *path = argc == 2 ? argv[1] : "/sandbox/file.txt";

  // This is ordinary C: whether the file may be removed is for WASI to check.
  // (remove() would remove an empty directory as well.)
  if (unlink(path) != 0) {
    int error = errno;
    if (is_granted(path)) {
      fprintf(stderr, "remove-file: %s: error %d\n", path, error);
    } else {
      fprintf(stderr, "remove-file: %s: no directory above it was granted\n", path);
    }
    return 1;
  }
  printf("removed %s\n", path);
}
