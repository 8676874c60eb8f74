import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyExample, examples } from "create-wasi-kit";

console.log(examples()["wat/hello"]);

const folder = mkdtempSync(join(tmpdir(), "projects-"));
const { files } = copyExample({ example: "wat/hello", dir: join(folder, "my-app") });
console.log(files.join(" "));
rmSync(folder, { recursive: true });
