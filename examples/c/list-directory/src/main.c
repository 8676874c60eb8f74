#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "granted.h"

/// Ends the program, and says why a call on a path failed.
static void fail(const char *path) {
  int error = errno;
  if (is_granted(path)) {
    fprintf(stderr, "list-directory: %s: error %d\n", path, error);
  } else {
    fprintf(stderr, "list-directory: %s: no directory above it was granted\n", path);
  }
  exit(1);
}

/// All but the directory itself, and the one above it.
static int is_below(const struct dirent *entry) {
  return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static bool ends_with_slash(const char *path) {
  size_t size = strlen(path);
  return size > 0 && path[size - 1] == '/';
}

/// Prints what is below a directory, without the beginning of each path.
static void list(const char *directory, size_t beginning) {
  // A host may return the entries in any order. alphasort compares their bytes,
  // so that the order is the same on every host and in every language.
  struct dirent **entries;
  int count = scandir(directory, &entries, is_below, alphasort);
  if (count == -1) fail(directory);

  const char *slash = ends_with_slash(directory) ? "" : "/";
  for (int i = 0; i < count; i++) {
    char *path;
    if (asprintf(&path, "%s%s%s", directory, slash, entries[i]->d_name) == -1) fail(directory);

    // About the entry itself: lstat does not follow a link.
    struct stat status;
    if (lstat(path, &status) != 0) fail(path);
    if (S_ISDIR(status.st_mode)) {
      printf("%s/\n", path + beginning);
      list(path, beginning);
    } else if (S_ISLNK(status.st_mode)) {
      printf("%s@\n", path + beginning);
    } else {
      printf("%s %lld\n", path + beginning, (long long)status.st_size);
    }
    free(path);
    free(entries[i]);
  }
  free(entries);
}

int main(int argc, char *argv[]) {
  if (argc > 2) {
    fputs("usage: list-directory [PATH]\n", stderr);
    return 2;
  }
  const char *start = argc == 2 ? argv[1] : "/sandbox";
  list(start, strlen(start) + (ends_with_slash(start) ? 0 : 1));

  // What printf was given may still be in a buffer, and only now be written.
  if (fflush(stdout) == EOF) {
    fprintf(stderr, "list-directory: stdout: error %d\n", errno);
    return 1;
  }
}
