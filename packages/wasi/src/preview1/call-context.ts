import type { Abi } from "../abi/abi.ts";
import type { Clock } from "../clock.ts";
import type { DescriptorTable } from "../descriptor-table.ts";
import type { GuestMemory } from "../guest-memory.ts";
import type { StdioStream } from "../stdio.ts";

/** What the calls of a guest work on. */
export interface CallContext {
  readonly memory: GuestMemory;
  readonly table: DescriptorTable;
  readonly clock: Clock;
  /** The version of the interface that the guest was built for. */
  readonly abi: Abi;
  /** Passes on what another stream has buffered, before this one moves bytes or, without one, before the guest waits. */
  readonly flushOthers: (moving?: StdioStream) => void;
}
