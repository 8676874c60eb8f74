// Writes the hash of what was compiled beside it. Builds compare it to see what a module was built with, since the
// version of the package stays the same while it is worked on.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const dist = new URL("dist/", import.meta.url);
const hash = createHash("sha256");
const compiled = readdirSync(dist, { recursive: true }).filter((name) => name.endsWith(".js"));
for (const name of compiled.toSorted()) hash.update(readFileSync(new URL(name, dist)));
writeFileSync(new URL("hash.txt", dist), hash.digest("hex"));
