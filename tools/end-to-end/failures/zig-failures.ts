import type { Failures } from "./failure.ts";

const program = (body: string, rest = ""): string =>
  `const std = @import("std");\n${rest}\npub fn main(init: std.process.Init) !void {\n    _ = &init;\n    ${body}\n}\n`;

/** With the checks that a build for size leaves out. */
const safe = "@setRuntimeSafety(true);";

/** Programs in Zig that fail. */
export const zigFailures: Failures = {
  "a panic": {
    source: program(`@panic("boom");`),
    exitCode: 134,
    says: ["panicked", "boom"],
    topics: ["backtraces"],
  },
  "what can't be reached": {
    source: program(`${safe} var n: usize = 1; _ = &n; if (n < 5) unreachable;`),
    exitCode: 134,
    says: ["panicked", "reached unreachable code"],
    topics: ["backtraces"],
    never: /its arguments/,
  },
  "a number that does not fit": {
    source: program(`${safe} var n: u8 = 250; for (0..10) |_| n += 1; std.debug.print("{d}\\n", .{n});`),
    exitCode: 134,
    says: ["panicked", "integer overflow"],
    topics: ["backtraces"],
  },
  "an index out of bounds": {
    source: program(
      `${safe} const list = [_]u8{ 1, 2, 3 }; var i: usize = 5; _ = &i; std.debug.print("{d}\\n", .{list[i]});`,
    ),
    exitCode: 134,
    says: ["panicked", "index out of bounds"],
    topics: ["backtraces"],
  },
  "an error that main returns": {
    source: program("return error.Broken;"),
    exitCode: 1,
    says: [],
  },
  "a file that was not granted": {
    source: program(`_ = try std.Io.Dir.cwd().readFileAlloc(init.io, "data.txt", init.arena.allocator(), .unlimited);`),
    exitCode: 1,
    says: ["no directory", "--dir"],
    topics: ["directories"],
  },
  "a file by an absolute path, with no directory granted": {
    source: program(
      `_ = try std.Io.Dir.cwd().readFileAlloc(init.io, "/etc/hostname", init.arena.allocator(), .unlimited);`,
    ),
    exitCode: 1,
    says: ["/etc/hostname, an absolute path, which WASI does not take"],
    topics: ["directories"],
    // With any directory it would be refused as well.
    never: /--dir/,
  },
  "an abort": {
    source: program("std.process.abort();"),
    exitCode: 134,
    says: ["unreachable"],
    topics: ["backtraces"],
  },
  "7 as its answer": {
    source: program("std.process.exit(7);"),
    exitCode: 7,
    says: [],
  },
};
