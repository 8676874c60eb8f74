// The process of a registry: see registry.ts. Plain JavaScript, since verdaccio brings types of another version.
import process from "node:process";
import { runServer } from "verdaccio";

const server = await runServer(process.argv[2]);
server.on("error", ({ code }) => {
  console.error(`Port ${process.argv[3]} can't be used (${code}). Name another one.`);
  process.exit(1);
});
server.listen(Number(process.argv[3]), "127.0.0.1", () => process.send(server.address().port));
process.on("disconnect", () => process.exit());
