import type { GuestName } from "./guests.ts";

/** Requests of one kind. */
export interface Traffic {
  readonly program: GuestName;
  /** How many of a thousand requests are of this kind. */
  readonly share: number;
  /** How many are made at the same time. */
  readonly connections: number;
  /** After how many seconds the client closes the connection. Default: it waits. */
  readonly abortsAfter?: number;
  /** What the answer has to be, besides what the program read. */
  readonly outcome: string;
}

/** How a request ends. */
export type Kind = GuestName | "aborted";

/** What clients send. Each kind comes from a client of its own. */
export const mix: Readonly<Record<Kind, Traffic>> = {
  good: { program: "good", share: 951.5, connections: 8, outcome: "exited" },
  trapping: { program: "trapping", share: 42, connections: 2, outcome: "trapped" },
  flooding: { program: "flooding", share: 5, connections: 1, outcome: "output-limit" },
  endless: { program: "endless", share: 0.5, connections: 1, outcome: "timed-out" },
  aborted: { program: "endless", share: 1, connections: 1, abortsAfter: 1, outcome: "aborted" },
};
