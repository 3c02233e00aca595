// How many requests a loop without anything else gets out of the stub: the ceiling of every job queue in Node.
import { CONNECTIONS, caller, tell, work } from "./call.mjs";

const call = caller(work.stub);
const begin = performance.now();
let done = 0;
const loop = async () => {
  while (performance.now() - begin < 2000) await call(done++);
};
await Promise.all(Array.from({ length: CONNECTIONS }, loop));
tell({ per_second: done / ((performance.now() - begin) / 1000) });
