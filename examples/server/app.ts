import { getConnInfo } from "@hono/node-server/conninfo";
import type { Pool } from "@wasi-kit/runner";
import { Hono } from "hono";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { bodyLimit } from "hono/body-limit";
import { requestId } from "hono/request-id";
import type { RequestIdVariables } from "hono/request-id";
import { createAnswer, describeError, timing } from "./answer.ts";
import { maxBodyBytes, runLimits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import type { Programs } from "./programs.ts";
import { grants, readRequest } from "./request.ts";
import { streamRun } from "./stream.ts";

/** What the routes need. */
export interface Services {
  pool: Pool;
  programs: Programs;
  metrics: Metrics;
  /** The directory that all programs see, each with its own changes. */
  shared: string;
  /** Whether the server is about to end. */
  isDraining(): boolean;
}

type Variables = { Variables: RequestIdVariables };

export function createApp({ pool, programs, metrics, shared, isDraining }: Services): Hono<Variables> {
  const app = new Hono<Variables>();
  // Each answer has the id that the request came with, or a new one: to find it in the logs of either side.
  app.use(requestId());
  app.use(
    bodyLimit({ maxSize: maxBodyBytes, onError: (c) => c.json({ message: `At most ${maxBodyBytes} bytes.` }, 413) }),
  );
  app.use(async (c, next) => {
    await next();
    // The client opens another connection for its next request, to another server.
    if (isDraining()) c.header("connection", "close");
  });

  app.onError((error, c) => {
    const { status, code, message } = describeError(error);
    if (status === 503) c.header("retry-after", "1");
    if (status === 500) console.error(c.get("requestId"), error);
    return c.json({ code, message, requestId: c.get("requestId") }, status);
  });

  app.get("/health", (c) => c.text("ok\n", isDraining() ? 503 : 200));
  app.get("/metrics", async (c) => c.text(await metrics.text(), 200, { "content-type": metrics.contentType }));
  app.get("/programs", (c) => c.json(programs.names()));

  app.put("/programs/:name{[\\w-]{1,64}}", async (c) => {
    await programs.add(c.req.param("name"), await c.req.arrayBuffer());
    return c.json({ name: c.req.param("name") }, 201);
  });

  app.post("/programs/:name", async (c) => {
    const module = programs.find(c.req.param("name"));
    if (!module) return c.json({ message: `There is no program ${c.req.param("name")}.` }, 404);
    const request = await readRequest(c);
    const options = {
      ...runLimits,
      ...grants(request, shared),
      // A client that has many requests waits for itself, and not others for it.
      key: clientOf(c),
      // A client that went away needs no answer.
      signal: c.req.raw.signal,
    };
    if (acceptedType(c) === "application/json") {
      const result = await pool.run(module, options);
      c.header("server-timing", timing(result));
      return c.json(createAnswer(result, request));
    }
    const { body, begun } = streamRun(
      (stdout, stderr) => pool.run(module, { ...options, stdout, stderr }),
      (result) => {
        const { stdout: _stdout, stderr: _stderr, ...rest } = createAnswer(result, request);
        return rest;
      },
    );
    await begun;
    return c.body(body, 200, { "content-type": "application/x-ndjson" });
  });
  return app;
}

const types = ["application/json", "application/x-ndjson"];

/** What a client takes: an answer at the end, or the output as it comes. */
const acceptedType = (c: Context): string =>
  accepts(c, { header: "Accept", supports: types, default: "application/json" });

/** Who a request is from: whoever it says, with what it authorizes itself with; or else its address. */
const clientOf = (c: Context): string => c.req.header("authorization") ?? getConnInfo(c).remote.address ?? "";
