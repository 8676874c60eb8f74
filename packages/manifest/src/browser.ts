/**
 * The manifest for browsers: its text is validated, and a run's grants are made
 * ready for the runner. Files are read by `@wasi-kit/manifest` itself.
 *
 * @module
 */
export { ManifestError } from "./error.ts";
export { describeGrants } from "./grants.ts";
export type { DescribedGrant } from "./grants.ts";
export { isExpected } from "./is-expected.ts";
export { defaultSources } from "./languages.ts";
export type { LanguageName } from "./languages.ts";
export { parseManifest } from "./parse.ts";
export { quote } from "./quote.ts";
export { resolveGrants } from "./run-grants.ts";
export type { HostVariables, ResolvedPreopen, RunGrants } from "./run-grants.ts";
export type { Build, Files, Manifest, Run } from "./schema.ts";
