/** What hinders the use of the remote cache that the environment names, as a sentence; undefined if nothing does. */
export function remoteCacheProblem(variables: {
  TURBO_API: string;
  TURBO_TOKEN: string;
  TURBO_TEAM?: string;
  TURBO_TEAMID?: string;
}): Promise<string | undefined>;
