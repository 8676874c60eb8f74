import { errno } from "../abi/errno.ts";
import type { ErrnoName } from "../abi/errno.ts";
import { eventrwflags, subclockflags } from "../abi/flags.ts";
import type { Preview1 } from "../abi/functions.ts";
import { event, eventtype } from "../abi/layouts.ts";
import type { GuestMemory } from "../guest-memory.ts";
import { WasiError } from "../wasi-error.ts";
import type { CallContext } from "./call-context.ts";

/** What a guest subscribed to. */
interface Subscription {
  userdata: bigint;
  tag: number;
  fd: number;
  clock: number;
  /** When the clock event is due, by its clock. */
  deadline: bigint;
}

/** The event for a subscription. */
interface Event {
  of: Subscription;
  error: ErrnoName;
  nbytes: bigint;
  isHangup: boolean;
}

const second = 1_000_000_000n;
/** More than any program needs. A list as large as the guest's memory would fill ours. */
const maxSubscriptions = 65_536;

/**
 * Waits for the first of some clocks and descriptors. Files and streams in memory
 * are always ready. A stream of the host may not be, and is waited for.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#-poll_oneoffin-constpointersubscription-out-pointerevent-nsubscriptions-size---resultsize-errno
 */
export function pollCalls({ memory, table, clock, abi, flushOthers }: CallContext): Pick<Preview1, "poll_oneoff"> {
  const layout = abi.subscription;
  const read = (at: number): Subscription => {
    const tag = memory.u8(at + layout.tag);
    const subscribed: Subscription = {
      userdata: memory.u64(at + layout.userdata),
      tag,
      fd: -1,
      clock: 0,
      deadline: 0n,
    };
    if (tag === eventtype.clock) {
      subscribed.clock = memory.u32(at + layout.clock);
      const timeout = memory.u64(at + layout.timeout);
      const isPoint = (memory.u16(at + layout.flags) & subclockflags.abstime) !== 0;
      const started = clock.now(subscribed.clock);
      subscribed.deadline = isPoint ? timeout : started + timeout;
    } else if (tag === eventtype.fd_read || tag === eventtype.fd_write) {
      subscribed.fd = memory.u32(at + layout.fd);
    } else throw new WasiError("inval");
    return subscribed;
  };

  /** The event of a descriptor, if it is ready within `wait` nanoseconds. */
  const check = (of: Subscription, wait: bigint): Event | undefined => {
    const found = table.get(of.fd);
    const ready: Event = { of, error: "success", nbytes: 1n, isHangup: false };
    if (!found) return { ...ready, error: "badf" };
    if (found.kind !== "stream") return ready;
    if (of.tag === eventtype.fd_write) return found.write ? ready : { ...ready, error: "notcapable" };
    if (!found.poll) return { ...ready, error: "notcapable" };
    const readiness = found.poll(wait);
    return readiness && { ...ready, ...readiness };
  };

  const poll: Preview1["poll_oneoff"] = (list, events, count, eventCount) => {
    const number = count >>> 0;
    if (number === 0 || number > maxSubscriptions) return errno.inval;
    memory.bytes(list, number * layout.size);
    flushOthers();
    const subscribed = Array.from({ length: number }, (_, i) => read(list + i * layout.size));
    for (;;) {
      const clocks = subscribed.filter((it) => it.tag === eventtype.clock);
      const others = subscribed.filter((it) => it.tag !== eventtype.clock);
      const left = clocks.map((it) => it.deadline - clock.now(it.clock));
      const shortest = left.reduce((least, it) => (it < least ? it : least), left[0] ?? second);
      // A wait for input is a wait for the clocks as well. Without a clock, nothing else can happen in the meantime.
      const wait = clocks.length === 0 ? second : shortest > 0n ? clock.pollTimeout(shortest) : 0n;
      const found = [
        ...firstOfEach(others.map((it) => check(it, wait)).filter((it) => it !== undefined)),
        ...clocks
          .filter((_, i) => left[i]! <= 0n)
          .map((of): Event => ({ of, error: "success", nbytes: 0n, isHangup: false })),
      ];
      if (found.length > 0) {
        for (const [i, it] of found.entries()) writeEvent(memory, events + i * event.size, it);
        memory.setU32(eventCount, found.length);
        return errno.success;
      }
      if (others.length === 0 || wait === 0n) clock.sleep(shortest);
    }
  };
  return { poll_oneoff: poll };
}

/** One event for each descriptor: programs that subscribe to one twice rely on that. */
function firstOfEach(events: Event[]): Event[] {
  const reported = new Set<number>();
  return events.filter(({ of }) => !reported.has(of.fd) && reported.add(of.fd));
}

function writeEvent(memory: GuestMemory, at: number, { of, error, nbytes, isHangup }: Event): void {
  memory.bytes(at, event.size).fill(0);
  memory.setU64(at + event.userdata, of.userdata);
  memory.setU16(at + event.error, errno[error]);
  memory.setU8(at + event.type, of.tag);
  memory.setU64(at + event.nbytes, nbytes);
  memory.setU16(at + event.flags, isHangup ? eventrwflags.fd_readwrite_hangup : 0);
}
