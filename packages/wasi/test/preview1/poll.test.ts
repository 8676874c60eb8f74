import { describe, expect, test, vi } from "vitest";
import { abis, clockid, event, eventrwflags, eventtype, subclockflags } from "../../src/abi/index.ts";
import type { AbiName } from "../../src/abi/index.ts";
import { fixedClock } from "../../src/clock.ts";
import type { Clock } from "../../src/clock.ts";
import { memory } from "../../src/fs/memory.ts";
import { bytesSource, functionSink, outputTo, stdinFrom } from "../../src/stdio.ts";
import type { Readiness, StdioStream } from "../../src/stdio.ts";
import { createGuest, open } from "../support/guest.ts";
import type { Guest } from "../support/guest.ts";

type Subscription =
  | { readonly clock: number; readonly timeout: bigint; readonly isPoint?: boolean }
  | { readonly read: number }
  | { readonly write: number };

const [listAt, eventsAt, countAt] = [1024, 4096, 512];
const ms = 1_000_000n;

/** Subscribes, with 100, 101, … as userdata. */
function poll(guest: Guest, subscriptions: readonly Subscription[], abi: AbiName = "wasi_snapshot_preview1"): string {
  const layout = abis[abi].subscription;
  const view = guest.view();
  for (const [i, it] of subscriptions.entries()) {
    const at = listAt + i * layout.size;
    new Uint8Array(guest.memory.buffer, at, layout.size).fill(0);
    view.setBigUint64(at + layout.userdata, BigInt(100 + i), true);
    if ("clock" in it) {
      view.setUint8(at + layout.tag, eventtype.clock);
      view.setUint32(at + layout.clock, it.clock, true);
      view.setBigUint64(at + layout.timeout, it.timeout, true);
      view.setUint16(at + layout.flags, it.isPoint ? subclockflags.abstime : 0, true);
    } else {
      view.setUint8(at + layout.tag, "read" in it ? eventtype.fd_read : eventtype.fd_write);
      view.setUint32(at + layout.fd, "read" in it ? it.read : it.write, true);
    }
  }
  return guest.call("poll_oneoff", listAt, eventsAt, subscriptions.length, countAt);
}

/** What was reported: which subscription, its errno, type, bytes and flags. */
function events(
  guest: Guest,
): (readonly [userdata: number, error: number, type: number, nbytes: number, flags: number])[] {
  const view = guest.view();
  return Array.from({ length: view.getUint32(countAt, true) }, (_, i) => {
    const at = eventsAt + i * event.size;
    return [
      Number(view.getBigUint64(at + event.userdata, true)),
      view.getUint16(at + event.error, true),
      view.getUint8(at + event.type),
      Number(view.getBigUint64(at + event.nbytes, true)),
      view.getUint16(at + event.flags, true),
    ] as const;
  });
}

/** A clock that a test moves by sleeping, and what was asked of it. */
function slowClock(): Clock & { readonly slept: bigint[] } {
  let time = 1000n * ms;
  const slept: bigint[] = [];
  return {
    slept,
    resolution: () => 1n,
    read: () => time,
    now: (id) => time + BigInt(id) * 1000n * ms,
    sleep(duration) {
      slept.push(duration);
      time += duration;
    },
    pollTimeout: (left) => left,
  };
}

/** stdin that has something to read after so many questions, each of which takes the time that it may. */
function slowInput(questions: number, readiness: Readiness = { nbytes: 5n, isHangup: false }) {
  const waited: bigint[] = [];
  const stream = stdinFrom({
    isTerminal: () => false,
    read: () => 0,
    poll(timeoutNs) {
      waited.push(timeoutNs);
      return waited.length > questions ? readiness : undefined;
    },
  });
  return { waited, stream };
}

describe("clocks", () => {
  test("a timeout counts from now, by the clock that is asked for", () => {
    const clock = slowClock();
    const guest = createGuest({ clock });
    expect(poll(guest, [{ clock: clockid.monotonic, timeout: 30n * ms }])).toBe("success");
    expect(events(guest)).toEqual([[100, 0, eventtype.clock, 0, 0]]);
    expect(clock.slept).toEqual([30n * ms]);
  });

  test("a point in time is what the clock then shows", () => {
    const clock = slowClock();
    const guest = createGuest({ clock });
    poll(guest, [{ clock: clockid.monotonic, timeout: 2005n * ms, isPoint: true }]);
    expect(clock.slept).toEqual([5n * ms]);
    poll(guest, [{ clock: clockid.monotonic, timeout: 1n, isPoint: true }]);
    expect(events(guest)).toEqual([[100, 0, eventtype.clock, 0, 0]]);
    expect(clock.slept).toEqual([5n * ms]);
  });

  test("the first of several is waited for, and those that are over as well are reported", () => {
    const clock = slowClock();
    const guest = createGuest({ clock });
    poll(guest, [
      { clock: 0, timeout: 50n * ms },
      { clock: 1, timeout: 20n * ms },
      { clock: 0, timeout: 20n * ms },
    ]);
    expect(clock.slept).toEqual([20n * ms]);
    expect(events(guest).map(([userdata]) => userdata)).toEqual([101, 102]);
  });

  test("a sleep that was too short is gone on with", () => {
    const clock = slowClock();
    const { sleep } = clock;
    clock.sleep = (duration) => sleep((duration + 1n) / 2n);
    const guest = createGuest({ clock });
    poll(guest, [{ clock: 0, timeout: 8n }]);
    expect(clock.slept).toEqual([4n, 2n, 1n, 1n]);
  });

  test("one that there is not is inval", () => {
    expect(poll(createGuest(), [{ clock: 4, timeout: 0n }])).toBe("inval");
  });
});

describe("descriptors", () => {
  test("a file, a directory and output are ready at once, and nothing sleeps", () => {
    const clock = slowClock();
    const guest = createGuest({ clock, preopens: { "/": memory({ a: "x" }) } });
    const file = open(guest, "a");
    // What was there before is written over.
    new Uint8Array(guest.memory.buffer, eventsAt, 4 * event.size).fill(0xff);
    expect(poll(guest, [{ read: file }, { write: 3 }, { write: 1 }, { clock: 0, timeout: 1n }])).toBe("success");
    expect(events(guest)).toEqual([
      [100, 0, eventtype.fd_read, 1, 0],
      [101, 0, eventtype.fd_write, 1, 0],
      [102, 0, eventtype.fd_write, 1, 0],
    ]);
    const first = new Uint8Array(guest.memory.buffer, eventsAt, event.size);
    expect([...first]).toEqual([
      100,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      1,
      ...Array.from({ length: 15 }, () => 0),
    ]);
    expect(guest.view().getUint8(eventsAt + 3 * event.size)).toBe(0xff);
    expect(clock.slept).toEqual([]);
  });

  test("each has one event, however often it was subscribed to", () => {
    const guest = createGuest({ preopens: { "/": memory({ a: "x", b: "x" }) } });
    const [a, b] = [open(guest, "a"), open(guest, "b")];
    poll(guest, [{ read: a }, { write: b }, { write: a }, { read: b }, { read: a }]);
    expect(events(guest).map(([userdata]) => userdata)).toEqual([100, 101]);
    // Clocks are no descriptors.
    poll(guest, [{ clock: 0, timeout: 0n }, { clock: 0, timeout: 0n }, { read: a }]);
    expect(events(guest).map(([userdata]) => userdata)).toEqual([102, 100, 101]);
  });

  test.for<[what: string, subscription: Subscription, error: number]>([
    ["none", { read: 9 }, 8],
    ["output that is to be read", { read: 1 }, 76],
    ["input that is to be written", { write: 0 }, 76],
  ])("%s: the event says so", ([, subscription, error]) => {
    const guest = createGuest({ stdin: "x" });
    expect(poll(guest, [subscription])).toBe("success");
    expect(events(guest)).toEqual([[100, error, "read" in subscription ? 1 : 2, 1, 0]]);
  });

  test("input says how many bytes there are, and when it has ended", () => {
    const guest = createGuest({ stdin: "abc" });
    poll(guest, [{ read: 0 }]);
    expect(events(guest)).toEqual([[100, 0, eventtype.fd_read, 3, 0]]);
    const ended = createGuest();
    poll(ended, [{ read: 0 }]);
    expect(events(ended)).toEqual([[100, 0, eventtype.fd_read, 0, eventrwflags.fd_readwrite_hangup]]);
  });

  test("input that is not there yet is waited for, a second at a time", () => {
    const clock = slowClock();
    const { waited, stream } = slowInput(2);
    const guest = createGuest({ clock, stdin: stream });
    poll(guest, [{ read: 0 }]);
    expect(events(guest)).toEqual([[100, 0, eventtype.fd_read, 5, 0]]);
    expect([waited, clock.slept]).toEqual([[1000n * ms, 1000n * ms, 1000n * ms], []]);
  });

  test("with a clock, it is waited for until that clock's time", () => {
    const clock = slowClock();
    const { waited, stream } = slowInput(Infinity);
    const { poll: wait } = stream;
    stream.poll = (timeoutNs) => {
      clock.sleep(timeoutNs);
      return wait?.(timeoutNs);
    };
    const guest = createGuest({ clock, stdin: stream });
    poll(guest, [{ read: 0 }, { clock: 0, timeout: 7n * ms }]);
    expect(events(guest)).toEqual([[101, 0, eventtype.clock, 0, 0]]);
    // The wait was the input's: the clock was not waited for besides. At its time the input is asked once more.
    expect([waited, clock.slept]).toEqual([
      [7n * ms, 0n],
      [7n * ms, 0n],
    ]);
  });

  test("with a fixed clock, what is not there yet loses against a clock", () => {
    const clock = fixedClock({ start: "2020-07-01T00:00:00.000Z" });
    const { waited, stream } = slowInput(2);
    const guest = createGuest({ clock, stdin: stream });
    poll(guest, [{ read: 0 }, { clock: clockid.monotonic, timeout: 7n * ms }]);
    expect(events(guest)).toEqual([[101, 0, eventtype.clock, 0, 0]]);
    expect(waited).toEqual([0n, 0n]);
    expect(clock.now(clockid.monotonic)).toBe(1007n * ms);
  });

  test("without a clock, it is waited for with a fixed clock as well, which stands still", () => {
    const clock = fixedClock({ start: "2020-07-01T00:00:00.000Z" });
    const { waited, stream } = slowInput(2);
    const guest = createGuest({ clock, stdin: stream });
    poll(guest, [{ read: 0 }]);
    expect(events(guest)).toEqual([[100, 0, eventtype.fd_read, 5, 0]]);
    expect(waited).toEqual([1000n * ms, 1000n * ms, 1000n * ms]);
    expect(clock.now(clockid.monotonic)).toBe(1000n * ms);
  });

  test("with a clock whose time has come, it is asked and not waited for", () => {
    const { waited, stream } = slowInput(2);
    const guest = createGuest({ clock: slowClock(), stdin: stream });
    poll(guest, [{ read: 0 }, { clock: 0, timeout: 1n, isPoint: true }]);
    expect(events(guest)).toEqual([[101, 0, eventtype.clock, 0, 0]]);
    expect(waited).toEqual([0n]);
  });

  test("what was printed is passed on before the guest waits", () => {
    const flush = vi.fn<() => void>();
    const stdout: StdioStream = outputTo("stdout", { ...functionSink(() => undefined), flush });
    const guest = createGuest({ stdout });
    guest.view().setUint32(68, 1, true);
    guest.call("fd_write", 1, 64, 1, 8);
    expect(flush).not.toHaveBeenCalled();
    poll(guest, [{ clock: 0, timeout: 0n }]);
    expect(flush).toHaveBeenCalledOnce();
  });
});

test("a list is refused that is empty, too long, beyond the memory, or of nobody knows what", () => {
  const guest = createGuest({ stdin: stdinFrom(bytesSource("x")) });
  const call = (at: number, count: number): string => guest.call("poll_oneoff", at, eventsAt, count, countAt);
  expect([call(0, 0), call(0, 65_537), call(0, -1)]).toEqual(["inval", "inval", "inval"]);
  expect([call(0, 65_536), call(2 * 65_536 - 47, 1)]).toEqual(["fault", "fault"]);
  guest.view().setUint8(listAt + 8, 3);
  expect(call(listAt, 1)).toBe("inval");
});

test("events and their number go to the guest's addresses, or are a fault", () => {
  const guest = createGuest();
  guest.view().setUint8(listAt + 8, eventtype.clock);
  expect(guest.call("poll_oneoff", listAt, 2 * 65_536 - 31, 1, countAt)).toBe("fault");
  expect(guest.call("poll_oneoff", listAt, eventsAt, 1, 2 * 65_536 - 3)).toBe("fault");
});

test("wasi_unstable has a longer list", () => {
  const clock = slowClock();
  const guest = createGuest({ abi: "wasi_unstable", clock });
  expect(
    poll(
      guest,
      [
        { clock: 0, timeout: 20n * ms },
        { clock: 1, timeout: 30n * ms },
      ],
      "wasi_unstable",
    ),
  ).toBe("success");
  expect(events(guest)).toEqual([[100, 0, eventtype.clock, 0, 0]]);
  expect(clock.slept).toEqual([20n * ms]);
  expect(poll(guest, [{ clock: 0, timeout: 20n * ms }, { write: 1 }], "wasi_unstable")).toBe("success");
  expect(events(guest)).toEqual([[101, 0, eventtype.fd_write, 1, 0]]);
});
