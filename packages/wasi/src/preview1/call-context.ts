import type { Abi } from "../abi/abi.ts";
import type { Clock } from "../clock.ts";
import type { DescriptorTable } from "../descriptor-table.ts";
import type { GuestMemory } from "../guest-memory.ts";
import type { StdioStream } from "../stdio.ts";

/** What the calls of a guest share. */
export interface CallContext {
  readonly memory: GuestMemory;
  readonly table: DescriptorTable;
  readonly clock: Clock;
  /** The version of WASI that the guest was built for. */
  readonly abi: Abi;
  /** Flushes the stream that was used before `moving` or, without that, before the guest waits. */
  readonly flushOthers: (moving?: StdioStream) => void;
}
