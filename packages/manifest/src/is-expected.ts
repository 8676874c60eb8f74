/**
 * Whether a run ended as its wasi.json expects. One that could not start has no
 * outcome, and 126 alone is expected of it: a directory or a module that is
 * missing is a mistake, even if the guest's own exit code is to be 2 or 127.
 *
 * @param end - a result of the runner, or its error
 */
export const isExpected = (
  expectedExitCode: number,
  end: { readonly exitCode: number; readonly outcome?: string },
): boolean => end.exitCode === expectedExitCode && (end.outcome !== undefined || expectedExitCode === 126);
