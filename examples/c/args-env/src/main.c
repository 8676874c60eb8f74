#include <stdio.h>

// The library asks the host for the variables, and ends the list with NULL.
extern char **environ;

int main(int argc, char *argv[]) {
  // Each variable is one text, "name=value", in the order in which the host
  // passes them. There are no others.
  for (char **variable = environ; *variable != NULL; variable++) {
    puts(*variable);
  }

  // The first argument is the program's name, as everywhere.
  printf("Args are: ");
  for (int i = 1; i < argc; i++) {
    printf(i == 1 ? "%s" : ",%s", argv[i]);
  }
  puts("");
}
