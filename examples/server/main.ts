import process from "node:process";
import { fileURLToPath } from "node:url";
import { startServer } from "./server.ts";

const server = await startServer({
  port: Number(process.env["PORT"] ?? 8080),
  modules: process.argv.slice(2),
  // As seen from build/main.js.
  shared: fileURLToPath(new URL("../shared", import.meta.url)),
});
console.log(`${server.url} is ready`);

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void server.close());
