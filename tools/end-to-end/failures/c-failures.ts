import type { Failures } from "./failure.ts";

const program = (body: string, headers: readonly string[] = ["stdio.h", "stdlib.h"]): string =>
  `${headers.map((it) => `#include <${it}>\n`).join("")}int main(int argc, char **argv) { ${body} }\n`;

/** Programs in C that fail. */
export const cFailures: Failures = {
  "a write far out of bounds": {
    source: program("volatile char *far = (volatile char *)0x7fffffff; *far = 1; return 0;"),
    exitCode: 134,
    says: ["memory access out of bounds", "outside of its memory"],
    topics: ["memory"],
    never: /call stack|recursion/,
  },
  "a call of a null pointer": {
    source: program("void (*volatile nothing)(void) = 0; nothing(); return 0;"),
    exitCode: 134,
    says: ["null function", "pointer"],
  },
  "a call by another signature": {
    source: `static int two(int a, int b) { return a + b; }
int main(void) { int (*volatile add)(int, int) = two; double (*other)(double) = (double (*)(double))add; return (int)other(1.0); }\n`,
    exitCode: 134,
    says: ["signature", "pointer"],
  },
  "an abort": {
    source: program('fprintf(stderr, "no way on\\n"); abort();'),
    exitCode: 134,
    says: ["unreachable"],
  },
  "an assertion that fails": {
    source: program("assert(argc > 5); return 0;", ["assert.h"]),
    exitCode: 134,
    says: ["A check of the program's own failed (assert)", "line 2: argc > 5"],
    never: /its arguments/,
  },
  "a file by a relative path, with no directory granted": {
    source: program(`FILE *f = fopen("data.txt", "r"); if (!f) { perror("data.txt"); return 1; } return 0;`),
    exitCode: 1,
    says: ["no directory", "--dir"],
    topics: ["directories"],
  },
  "a file by an absolute path, with no directory granted": {
    source: program(`FILE *f = fopen("/etc/hostname", "r"); if (!f) { perror("/etc/hostname"); return 1; } return 0;`),
    exitCode: 1,
    says: ["It asked for /etc/hostname, and no directory", "::/etc::ro"],
    topics: ["directories"],
  },
  "a file to write, by a relative path, with no directory granted": {
    source: program(
      `FILE *f = fopen("o.txt", "w"); if (!f) { perror("o.txt"); return 1; } fputs("x", f); return fclose(f);`,
    ),
    exitCode: 1,
    says: ["no directory", "--dir"],
    topics: ["directories"],
  },
  "a file that is not there": {
    source: program(`FILE *f = fopen("/data/none.txt", "r"); if (!f) { perror("none.txt"); return 2; } return 0;`),
    options: ["--dir", "data::/data"],
    files: ["data/"],
    exitCode: 2,
    says: ["/data/none.txt", "nothing of that name"],
    topics: ["directories"],
  },
  "a write to what is granted for reading": {
    source: program(`FILE *f = fopen("/data/o.txt", "w"); if (!f) { perror("o.txt"); return 1; } return 0;`),
    options: ["--dir", "data::/data::ro"],
    files: ["data/"],
    exitCode: 1,
    says: ["/data/o.txt", "for reading only"],
    topics: ["directories"],
  },
  "a recursion without end": {
    source: `__attribute__((noinline)) static int deeper(volatile int *before) { volatile int mine[64]; mine[0] = before[0] + 1; return deeper(mine) + mine[0]; }
int main(void) { volatile int first = 0; return deeper(&first); }\n`,
    exitCode: 134,
    says: ["recursion"],
    topics: ["recursion", "memory"],
  },
  "a division by zero": {
    source: program('volatile int zero = argc - 1; printf("%d\\n", 10 / zero); return 0;'),
    exitCode: 134,
    says: ["divided a whole number by zero"],
  },
  "a number that does not fit": {
    source: program(
      "volatile int zero = argc - 1; return -2147483647 - 1 + zero == 0 ? 0 : (-2147483647 - 1 + zero) / (zero - 1);",
    ),
    exitCode: 134,
    says: ["divided the smallest whole number"],
  },
  "a malloc beyond the limit, which is not checked": {
    source: program("volatile char *many = malloc(64 << 20); many[(64 << 20) - 1] = 2; return many[0];"),
    options: ["--max-memory", "8MiB"],
    exitCode: 134,
    says: ["memory access out of bounds", "a pointer that was not set"],
    topics: ["memory"],
  },
  "a malloc beyond the limit, after which it says so": {
    source: program(
      `char *volatile many = malloc(64 << 20); if (!many) { perror("malloc"); return 1; } many[0] = 1; return many[0];`,
    ),
    options: ["--max-memory", "8MiB"],
    exitCode: 1,
    says: ["--max-memory"],
    topics: ["memory"],
  },
  "an argument that is missing": {
    source: program(`if (argc < 2) { fprintf(stderr, "usage: %s FILE\\n", argv[0]); return 2; } return 0;`),
    exitCode: 2,
    says: ["its arguments", "ARGUMENT…"],
    topics: ["arguments"],
  },
  "a variable that is missing": {
    source: program(
      `if (!getenv("HOME")) { fprintf(stderr, "The environment variable HOME is not set.\\n"); return 1; } return 0;`,
    ),
    exitCode: 1,
    says: ["variable", "--env"],
    topics: ["variables"],
  },
  "1 as its answer": {
    source: program(`fprintf(stderr, "no match\\n"); return 1;`),
    exitCode: 1,
    says: [],
  },
  "a loop without end": {
    source: program("volatile int go = 1; while (go) {} return 0;"),
    options: ["--timeout", "300"],
    exitCode: 124,
    says: ["did not end within 300 ms"],
  },
};
