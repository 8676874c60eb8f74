import type { Failures } from "./failure.ts";

const program = (body: string, ...imports: readonly string[]): string =>
  `package main\n\nimport (\n${imports.map((it) => `\t"${it}"\n`).join("")})\n\nfunc main() {\n${body}\n}\n`;

/** Programs in Go that fail. */
export const goFailures: Failures = {
  "a panic": {
    source: program(`panic("boom " + os.Args[0])`, "os"),
    exitCode: 2,
    says: ["panicked", "boom", "main.go, line ", "exit code 2"],
    topics: ["other hosts"],
  },
  "a panic whose message holds a path": {
    source: program(`if len(os.Args) > 5 { os.ReadFile("x") }\n panic("the entry '/etc/passwd' is broken")`, "os"),
    exitCode: 2,
    says: ["panicked", "/etc/passwd"],
    topics: ["other hosts"],
    never: /asked for/,
  },
  "a write to a map that is nil": {
    source: program(`var ages map[string]int\n ages[os.Args[0]] = 1`, "os"),
    exitCode: 2,
    says: ["panicked", "assignment to entry in nil map"],
    topics: ["other hosts"],
  },
  "a nil pointer": {
    source: program(
      `type node struct { next *node }\n var none *node\n if len(os.Args) > 5 { none = &node{} }\n println(none.next == nil)`,
      "os",
    ),
    exitCode: 2,
    says: ["panicked", "nil pointer dereference"],
    topics: ["other hosts", "memory"],
  },
  "an index out of range": {
    source: program(`list := []int{1, 2, 3}\n println(list[len(os.Args)+5])`, "os"),
    exitCode: 2,
    says: ["panicked", "index out of range [6] with length 3"],
    topics: ["other hosts"],
    never: /its arguments/,
  },
  "3 as its answer": {
    source: program("os.Exit(3)", "os"),
    exitCode: 3,
    says: [],
  },
  "2 as its answer, after it said why": {
    source: program(`println("nothing to do")\n os.Exit(2)`, "os"),
    exitCode: 2,
    says: [],
  },
  "a file that was not granted": {
    source: program(`if _, err := os.ReadFile("/etc/hostname"); err != nil { log.Fatal(err) }`, "log", "os"),
    exitCode: 1,
    says: ["It asked for /etc/hostname, and no directory", "::/etc::ro"],
    topics: ["directories"],
  },
  "a file by a relative path, with no directory granted": {
    source: program(`if err := os.WriteFile("o.txt", []byte("x"), 0o644); err != nil { panic(err) }`, "os"),
    exitCode: 2,
    says: ["It asked for o.txt, and no directory", "--dir .::/"],
    topics: ["directories"],
  },
  "a file outside of the directory": {
    source: program(`if _, err := os.ReadFile("/other/a.txt"); err != nil { log.Fatal(err) }`, "log", "os"),
    options: ["--dir", "data::/data"],
    files: ["data/"],
    exitCode: 1,
    says: ["It asked for /other/a.txt", "nothing outside it", "::/other::ro"],
    topics: ["directories"],
  },
  "a file that is not there": {
    source: program(`if _, err := os.ReadFile("/data/none.txt"); err != nil { log.Fatal(err) }`, "log", "os"),
    options: ["--dir", "data::/data"],
    files: ["data/"],
    exitCode: 1,
    says: ["/data/none.txt", "nothing of that name"],
    topics: ["directories"],
  },
  "a write to what is granted for reading": {
    source: program(
      `if err := os.WriteFile("/data/o.txt", []byte("x"), 0o644); err != nil { log.Fatal(err) }`,
      "log",
      "os",
    ),
    options: ["--dir", "data::/data::ro"],
    files: ["data/"],
    exitCode: 1,
    says: ["/data/o.txt", "for reading only"],
    topics: ["directories"],
  },
  "a deadlock": {
    source: program("<-make(chan int)"),
    exitCode: 2,
    says: ["goroutines waits for another one", "main.go, line "],
  },
  "a division by zero": {
    source: program("zero := len(os.Args) - 1\n println(10 / zero)", "os"),
    exitCode: 2,
    says: ["panicked", "integer divide by zero"],
    topics: ["other hosts"],
  },
  "a recursion without end": {
    source: `package main\n\nfunc deeper(n int) int { return deeper(n+1) + n }\n\nfunc main() { println(deeper(1)) }\n`,
    exitCode: 134,
    says: ["recursion"],
    topics: ["recursion"],
  },
  "a memory that is full": {
    source: program("var all [][]byte\n for { all = append(all, make([]byte, 1<<20)) }"),
    options: ["--max-memory", "64MiB"],
    exitCode: 2,
    says: ["--max-memory"],
    topics: ["memory"],
  },
  "a variable that is missing": {
    source: program(
      `if _, ok := os.LookupEnv("HOME"); !ok { log.Fatal("the environment variable HOME is not set") }`,
      "log",
      "os",
    ),
    exitCode: 1,
    says: ["variable", "--env"],
    topics: ["variables"],
  },
  "a word that is missing": {
    source: program("println(os.Args[1])", "os"),
    exitCode: 2,
    says: ["its arguments", "ARGUMENT…"],
    topics: ["arguments"],
  },
  "a connection": {
    source: program(`if _, err := net.Dial("tcp", "127.0.0.1:80"); err != nil { log.Fatal(err) }`, "log", "net"),
    exitCode: 1,
    says: ["can open no socket"],
    topics: ["sockets", "other hosts"],
  },
};
