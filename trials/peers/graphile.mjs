// graphile-worker with everything batched: a local queue of 500, completions written together.
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { setTimeout as sleep } from "node:timers/promises";
import { CONNECTIONS, caller, tell, work } from "./call.mjs";

const logger = new Logger(() => () => {});
const utils = await makeWorkerUtils({ connectionString: work.database, logger });
await utils.migrate();

const start = (job) =>
  run({
    preset: {
      worker: {
        connectionString: work.database,
        concurrentJobs: CONNECTIONS,
        maxPoolSize: 16,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        logger,
      },
    },
    taskList: { job },
    noHandleSignals: true,
  });
const query = (text, values) => utils.withPgClient((client) => client.query(text, values));

async function drain(jobs, call) {
  await query("SELECT graphile_worker.add_job('job', json_build_object('number', i)) FROM generate_series(1, $1::int) i", [jobs]);
  // As for ours: statistics, nothing left to write back.
  await query("VACUUM ANALYZE");
  await query("CHECKPOINT");
  const begin = performance.now();
  let left = jobs;
  await new Promise(async (resolve) => {
    await start(async (payload) => {
      await call(payload.number);
      if (--left === 0) resolve();
    });
  });
  // A job is done when that is durable: the row is gone then.
  while ((await query("SELECT 1 FROM graphile_worker._private_jobs LIMIT 1")).rowCount > 0) await sleep(5);
  return { per_second: jobs / ((performance.now() - begin) / 1000) };
}

async function single(jobs) {
  let begun;
  await start(async () => begun(performance.now()));
  await sleep(1000);
  const answer = { call_ms: [], since_answer_ms: [], since_call_ms: [] };
  for (let number = 0; number < jobs; number++) {
    await sleep(10 + Math.random() * 30);
    const began = new Promise((resolve) => (begun = resolve));
    const called = performance.now();
    await utils.addJob("job", { number });
    const answered = performance.now();
    const at = await began;
    // The first ones open connections and prepare statements.
    if (number < 10) continue;
    answer.call_ms.push(answered - called);
    answer.since_answer_ms.push(at - answered);
    answer.since_call_ms.push(at - called);
  }
  return answer;
}

tell(work.single ? await single(work.single) : await drain(work.jobs, caller(work.stub)));
