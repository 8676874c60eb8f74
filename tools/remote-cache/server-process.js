// The process of a cache server: see server.ts. Plain JavaScript, since the server brings types of another version.
import process from "node:process";

// It reads its settings when it is loaded.
const { createApp } = await import("turborepo-remote-cache");
const app = createApp({ logger: false, trustProxy: false, bodyLimit: 100 * 2 ** 20 });
await app.listen({ host: "127.0.0.1", port: 0 });
process.send(app.server.address().port);
process.on("disconnect", () => process.exit());
