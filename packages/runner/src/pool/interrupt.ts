/**
 * Stops what a worker is doing, and not the worker: it answers its next message
 * as if the call had come back with nothing. `worker.terminate()` would leave
 * the files open that the guest had opened, since node:wasi closes none.
 *
 * A debugger's "stop" does it, which reaches a thread in the middle of a loop.
 * No port is opened and nobody else can attach.
 *
 * @returns whether it could be asked for: not from a worker, nor where Node was built without the inspector
 * @see https://chromedevtools.github.io/devtools-protocol/v8/Runtime/#method-terminateExecution
 */
export async function interrupt(threadId: number): Promise<boolean> {
  const { Session } = await import("node:inspector");
  const session = new Session();
  try {
    session.connect();
    return await new Promise<boolean>((resolve) => {
      session.on("NodeWorker.attachedToWorker", ({ params: { sessionId, workerInfo } }) => {
        // Its workerId is a number of the session's own.
        if (!workerInfo.title.startsWith(`[worker ${threadId}]`)) return;
        const message = JSON.stringify({ id: 1, method: "Runtime.terminateExecution" });
        session.post("NodeWorker.sendMessageToWorker", { sessionId, message });
      });
      session.on("NodeWorker.receivedMessageFromWorker", () => resolve(true));
      session.post("NodeWorker.enable", { waitForDebuggerOnStart: false }, (error) => {
        if (error) resolve(false);
      });
      setTimeout(resolve, patienceMs, false).unref();
    });
  } catch {
    return false;
  } finally {
    session.disconnect();
  }
}

/** How long the thread may take to hear of it, in milliseconds: on a busy machine it may have to wait for its turn. */
const patienceMs = 1000;
