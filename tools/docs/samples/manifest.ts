import { describeGrants, readProgram, resolveRun } from "@wasi-kit/manifest";

const example = await readProgram("examples/wat/read-file");
const { runs } = example.manifest;
for (const [kind, lines] of describeGrants(runs["by-argument"] ?? {})) console.log(`${kind}: ${lines.join(", ")}`);

const { name, exitCode } = resolveRun(example, "denied");
console.log(`${name} has to end with ${exitCode}`);
