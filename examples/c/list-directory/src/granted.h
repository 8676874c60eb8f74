#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <wasi/libc-find-relpath.h>

/// Whether a path is in a directory that was granted: the search for a preopen
/// with which open() begins, too. Its errno doesn't say: a path that was not
/// granted is "No such file or directory", like a missing file.
static inline bool is_granted(const char *path) {
  char buffer[PATH_MAX];
  char *relative = buffer;
  const char *preopen;
  return __wasilibc_find_relpath(path, &preopen, &relative, sizeof buffer) != -1;
}
