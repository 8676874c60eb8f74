#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/// Ends the program with the error number that WASI returned.
static void fail(const char *stream) {
  fprintf(stderr, "stdin-filter: %s: error %d\n", stream, errno);
  exit(1);
}

int main(void) {
  // However much comes in, the program needs no more memory than this.
  char buffer[4096];
  ssize_t count;

  // A read returns what is there, often less than would fit. Only 0 bytes mean
  // the end. (fread would wait until the buffer is full.)
  while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
    // Bytes, not text: the end of a piece may cut a letter such as "ß" in two.
    // In UTF-8 no byte of such a letter is one of a-z, and toupper changes
    // nothing else here.
    for (ssize_t i = 0; i < count; i++) {
      buffer[i] = toupper((unsigned char)buffer[i]);
    }

    // A write may take only a part.
    for (ssize_t done = 0; done < count;) {
      ssize_t written = write(STDOUT_FILENO, buffer + done, count - done);
      if (written == -1) fail("stdout");
      done += written;
    }
  }
  if (count == -1) fail("stdin");
}
