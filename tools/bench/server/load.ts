import autocannon from "autocannon";
import type { Traffic } from "./traffic.ts";

/** The results of the requests of one kind. */
export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  /** In milliseconds. */
  readonly median: number;
  readonly p99: number;
  /** Requests that were refused for now, since too many waited: status 503. */
  readonly turnedAway: number;
  /** Requests without the right answer: what was wrong, and how often. Empty if all is well. */
  readonly problems: Readonly<Record<string, number>>;
}

/** The seconds after which a client that does not abort gives a request up. */
const patience = 60;

let lastId = 0;

/**
 * Sends requests of one kind to a server, each with a text that no other has, and
 * compares each answer with what was sent.
 *
 * @param url - the server's
 * @param client - as whom
 */
export async function sendLoad(url: string, client: string, traffic: Traffic, requests: number): Promise<Load> {
  const { program, connections, abortsAfter, outcome } = traffic;
  const problems: Record<string, number> = {};
  const complain = (what: string, times = 1): void => void (problems[what] = (problems[what] ?? 0) + times);
  let answers = 0;
  let turnedAway = 0;
  const result = await autocannon({
    url: `${url}/programs/${program}`,
    method: "POST",
    headers: { authorization: client },
    connections: Math.min(connections, requests),
    amount: requests,
    timeout: abortsAfter ?? patience,
    requests: [
      {
        setupRequest(request, context) {
          const body = `${client} ${++lastId}.`;
          Object.assign(context, { sent: body });
          return { ...request, body };
        },
        onResponse(status, body, context) {
          answers++;
          if (status === 503) return void turnedAway++;
          const problem = problemOf(status, body, (context as { sent: string }).sent, outcome);
          if (problem !== undefined) complain(problem);
        },
      },
    ],
  });
  const aborted = abortsAfter === undefined ? 0 : result.timeouts;
  const lost = requests - answers - aborted;
  if (lost !== 0) complain("lost", lost);
  return {
    requests,
    perSecond: result.requests.total / result.duration,
    median: result.latency.p50,
    p99: result.latency.p99,
    turnedAway,
    problems,
  };
}

/** What is wrong with an answer, if anything is. */
function problemOf(status: number, body: string, sent: string, expected: string): string | undefined {
  if (status !== 200) return `status ${status}`;
  const { outcome, stdout } = JSON.parse(body) as { outcome: string; stdout: string };
  if (outcome !== expected) return outcome;
  // Whoever floods prints the rest of its memory after that.
  const isOwn = expected === "output-limit" ? stdout.startsWith(sent) : stdout === sent;
  return isOwn ? undefined : "the output of another request";
}
