// BullMQ on a Redis that writes its log to disk before it answers.
import { Queue, Worker } from "bullmq";
import { CONNECTIONS, caller, tell, work } from "./call.mjs";

const { hostname: host, port } = new URL(work.database);
const connection = { host, port: Number(port), maxRetriesPerRequest: null };
const queue = new Queue("jobs", { connection });
await queue.obliterate({ force: true });
for (let from = 0; from < work.jobs; from += 1000) {
  const length = Math.min(1000, work.jobs - from);
  await queue.addBulk(Array.from({ length }, (_, i) => ({ name: "job", data: { number: from + i } })));
}

const call = caller(work.stub);
const begin = performance.now();
let left = work.jobs;
await new Promise((resolve, reject) => {
  const options = { connection, concurrency: CONNECTIONS, removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } };
  const worker = new Worker("jobs", (job) => call(job.data.number), options);
  worker.on("completed", () => {
    if (--left === 0) resolve();
  });
  worker.on("failed", (_, error) => reject(error));
});
tell({ per_second: work.jobs / ((performance.now() - begin) / 1000) });
