/** How a run ended. */
export type Outcome = keyof typeof exitCodes;

/**
 * The exit code for each outcome in which the guest gave none. 134, 130, 141 and
 * 152 are what a shell reports after an abort, Ctrl-C, SIGPIPE and SIGXCPU; 124 is
 * what timeout(1) returns.
 */
export const exitCodes = {
  exited: undefined,
  trapped: 134,
  "out-of-memory": 134,
  "output-limit": 134,
  "input-limit": 134,
  "call-limit": 134,
  "timed-out": 124,
  "cpu-limit": 152,
  "broken-pipe": 141,
  aborted: 130,
  "host-error": 134,
} as const;
