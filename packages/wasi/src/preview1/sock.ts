import { errno } from "../abi/errno.ts";
import type { Preview1 } from "../abi/functions.ts";
import type { CallContext } from "./call-context.ts";

type SockCalls = Pick<Preview1, Extract<keyof Preview1, `sock_${string}`>>;

/**
 * No descriptor is a socket: sockets are not supported.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#sock_accept
 */
export function sockCalls({ table }: CallContext): SockCalls {
  const refuse = (fd: number): number => {
    table.getOrThrow(fd);
    return errno.notsock;
  };
  return {
    sock_accept(fd) {
      table.getOrThrow(fd);
      return errno.notsup;
    },
    sock_recv: refuse,
    sock_send: refuse,
    sock_shutdown: refuse,
  };
}
