import { expect, test } from "vitest";
import { createGuest } from "../support/guest.ts";
import type { Call } from "../support/guest.ts";

test.for<[call: (fd: number) => Call, error: string]>([
  [(fd) => ["sock_accept", fd, 0, 64], "notsup"],
  [(fd) => ["sock_recv", fd, 64, 0, 0, 72, 76], "notsock"],
  [(fd) => ["sock_send", fd, 64, 0, 0, 72], "notsock"],
  [(fd) => ["sock_shutdown", fd, 1], "notsock"],
])("no descriptor is a socket: %s", ([call, error]) => {
  const guest = createGuest();
  expect([guest.call(...call(1)), guest.call(...call(9))]).toEqual([error, "badf"]);
});
