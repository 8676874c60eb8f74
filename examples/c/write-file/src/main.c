#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "granted.h"

/// How a file is opened decides what happens to its content, in one step:
/// nobody can create it between a check whether it exists and the opening.
static const struct mode {
  const char *name;
  int flags;
} modes[] = {
    {"create", O_CREAT | O_EXCL},    // a new file; fails if there is one
    {"append", O_CREAT | O_APPEND},  // adds to the end, wherever that is at each write
    {"replace", O_CREAT | O_TRUNC},  // drops what was in the file
    {"overwrite", 0},                // keeps what is there
};

static int write_text(const char *path, int flags, const char *text, off_t offset) {
  int file = open(path, O_WRONLY | flags, 0666);
  if (file == -1) return -1;

  // A write starts at the file's position: 0, unless it is moved.
  if (lseek(file, offset, SEEK_SET) == -1) return -1;

  // A write may take only a part.
  for (size_t rest = strlen(text); rest > 0;) {
    ssize_t count = write(file, text, rest);
    if (count == -1) return -1;
    text += count;
    rest -= count;
  }
  return close(file);
}

/// One or more digits, below 2^64: WASI's largest offset.
static int parse(const char *text, unsigned long long *number) {
  // strtoull itself accepts spaces and signs, too.
  if (strspn(text, "0123456789") != strlen(text) || *text == '\0') return 0;
  errno = 0;
  *number = strtoull(text, NULL, 10);
  return errno == 0;
}

static int usage(void) {
  fputs("usage: write-file create|append|replace|overwrite PATH TEXT [OFFSET]\n", stderr);
  return 2;
}

int main(int argc, char *argv[]) {
  char *article[] = {argv[0], "replace", "/sandbox/file.txt", "modified\n"};
  if (argc == 1) {
    argc = 4;
    argv = article;
  }
  if (argc < 4) return usage();
  const char *path = argv[2];
  const char *text = argv[3];

  const struct mode *mode = NULL;
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
    if (strcmp(argv[1], modes[i].name) == 0) mode = &modes[i];
  }
  if (mode == NULL) return usage();

  unsigned long long offset = 0;
  int takes_offset = strcmp(mode->name, "overwrite") == 0;
  if (argc != (takes_offset ? 5 : 4)) return usage();
  if (takes_offset && !parse(argv[4], &offset)) return usage();

  if (write_text(path, mode->flags, text, offset) != 0) {
    int error = errno;
    if (is_granted(path)) {
      fprintf(stderr, "write-file: %s: error %d\n", path, error);
    } else {
      fprintf(stderr, "write-file: %s: no directory above it was granted\n", path);
    }
    return 1;
  }
  printf("wrote %zu bytes to %s\n", strlen(text), path);
}
