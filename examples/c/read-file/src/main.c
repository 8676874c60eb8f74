#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "granted.h"

/// Says why the file can't be read, and stops with a trap.
static void fail(const char *path) {
  int error = errno;
  if (is_granted(path)) {
    fprintf(stderr, "can't read \"%s\": %s\n", path, strerror(error));
  } else {
    fprintf(stderr, "failed to find a pre-opened file descriptor through which \"%s\" could be opened\n", path);
  }
  abort();
}

int main(int argc, char *argv[]) {
  // The first argument, if there is one. Arguments are like files: a module has
  // only those that the host passes to it.
  const char *path = argc > 1 ? argv[1] : "/sandbox/file.txt";

  // This is ordinary C: whether the path is in a directory that was granted is
  // for WASI to check.
  FILE *file = fopen(path, "r");
  if (file == NULL) fail(path);

  char buffer[4096];
  size_t count;
  while ((count = fread(buffer, 1, sizeof buffer, file)) > 0) {
    fwrite(buffer, 1, count, stdout);
  }
  if (ferror(file)) fail(path);
  fclose(file);

  // What is still in the buffer of stdout is written here.
  if (fclose(stdout) == EOF) {
    perror("stdout");
    return 1;
  }
}
