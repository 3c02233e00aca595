// Before all tests: one upstream, one installation with a user for each file of tests, one server. After them: all of it gone.
import { Installation, startUpstream } from "./processes.ts";
import { ACCOUNTS, PASSWORD, POINTS } from "./accounts.ts";

export default async function setUp(): Promise<() => Promise<void>> {
  const upstream = await startUpstream();
  const installation = new Installation(upstream.url);
  for (const name of ACCOUNTS) await installation.user(name, PASSWORD, POINTS);
  await installation.catalog();
  const server = await installation.serve();
  process.env.E2E_URL = server.url;
  process.env.E2E_UPSTREAM = upstream.url;
  return async () => {
    await server.process.stop();
    await upstream.process.stop();
    installation.remove();
  };
}
