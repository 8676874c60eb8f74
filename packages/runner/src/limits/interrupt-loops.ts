let isDone = false;

/**
 * Has the engine look in every loop whether it is to stop, in modules that are
 * compiled from now on.
 *
 * V8's first compiler has a loop count the bytes of its code, and looks only
 * after about two million of them. A loop of a few instructions that each take
 * long, as `memory.fill` does, goes on for minutes then, whatever ends it: a
 * timeout, or the termination of its worker. Without the count (dynamic tiering)
 * it looks each time; a function is optimized when it is first called, and not
 * after some calls, which takes more time of other threads.
 *
 * It is a setting of the process: V8 has none for a module or a thread.
 *
 * @see https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function interruptLoops(): void {
  if (isDone) return;
  isDone = true;
  process.getBuiltinModule("node:v8").setFlagsFromString("--no-wasm-dynamic-tiering");
}
