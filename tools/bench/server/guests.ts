import { imports } from "../../wat.ts";

/** Copies stdin to stdout, in pieces of 64 KiB at 1024. */
const echo = `
  (i32.store (i32.const 0) (i32.const 1024))
  (loop $again
    (i32.store (i32.const 4) (i32.const 65536))
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (if (i32.load (i32.const 8)) (then
      (i32.store (i32.const 4) (i32.load (i32.const 8)))
      (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br $again))))`;

const command = (then: string): string =>
  `(module ${imports} (memory (export "memory") 2) (func (export "_start") ${echo} ${then}))`;

/** The name of a program. */
export type GuestName = "good" | "trapping" | "endless" | "flooding";

/** Programs that clients send requests for: each prints what it reads, and then ends, well or badly, or not at all. */
export const guests: Readonly<Record<GuestName, string>> = {
  good: command(""),
  trapping: command("unreachable"),
  endless: command("(loop $again (br $again))"),
  flooding: command(
    `(memory.fill (i32.const 1024) (i32.const 0x2e) (i32.const 4096))
     (i32.store (i32.const 4) (i32.const 4096))
     (loop $again (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (br $again))`,
  ),
};
