// Before all tests: one upstream, one installation with a user for each file of tests, one server. After them: all of it gone.
import { mkdirSync, writeFileSync } from "node:fs";
import { ACCOUNTS, OPERATOR, PASSWORD, POINTS } from "./accounts.ts";
import { Installation, startUpstream } from "./processes.ts";
import { freePort } from "./receiver.ts";

const LOG = "test-results/server.log";

export default async function setUp(): Promise<() => Promise<void>> {
  const upstream = await startUpstream();
  const installation = new Installation(upstream.url);
  // With an administrator: without one, every page leads to the first-run page.
  await installation.user(OPERATOR, PASSWORD, 0, "admin");
  for (const name of ACCOUNTS) await installation.user(name, PASSWORD, POINTS);
  await installation.catalog();
  const receiver = await freePort();
  const server = await installation.serve([receiver]);
  process.env.E2E_URL = server.url;
  process.env.E2E_UPSTREAM = upstream.url;
  process.env.E2E_RECEIVER_PORT = String(receiver);
  return async () => {
    await server.process.stop();
    await upstream.process.stop();
    mkdirSync("test-results", { recursive: true });
    writeFileSync(LOG, server.process.output.text);
    const health = await installation.run(["doctor"]);
    installation.remove();
    // A panic may have been answered so well that no test saw it.
    if (server.process.output.text.includes("panicked at")) throw new Error(`the server panicked; see end2end/${LOG}`);
    if (health.includes("BAD")) throw new Error(health);
  };
}
