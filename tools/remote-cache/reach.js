// Whether a remote cache can be used. Turbo builds without one that it can't reach, and says so again in each of its runs.

/** What hinders the use of the remote cache that the environment names, as a sentence; undefined if nothing does. */
export async function remoteCacheProblem({ TURBO_API, TURBO_TOKEN, TURBO_TEAM, TURBO_TEAMID }) {
  const team = new URLSearchParams({
    ...(TURBO_TEAM ? { slug: TURBO_TEAM } : {}),
    ...(TURBO_TEAMID ? { teamId: TURBO_TEAMID } : {}),
  });
  try {
    // No artifact has this name. A server says so, or that it does not take the token.
    const { status } = await fetch(`${TURBO_API.replace(/\/$/, "")}/v8/artifacts/0000000000000000?${team}`, {
      headers: { authorization: `Bearer ${TURBO_TOKEN}` },
      signal: AbortSignal.timeout(10_000),
    });
    if (status === 401 || status === 403) return `The remote cache ${TURBO_API} does not take TURBO_TOKEN (${status}).`;
    return status >= 500 ? `The remote cache ${TURBO_API} does not work (${status}).` : undefined;
  } catch (error) {
    const why = error.cause?.code ?? error.name;
    return `The remote cache ${TURBO_API} can't be reached (${why}): look at TURBO_API.`;
  }
}

/** The value of TURBO_CACHE that uses the same caches, except the remote one. */
export const withoutRemoteCache = (caches = "local:rw") =>
  caches
    .split(",")
    .filter((it) => !it.startsWith("remote"))
    .join(",");
