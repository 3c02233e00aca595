// The call that every job makes: the same method, body and answer as ours, over 64 kept connections.
import { Pool } from "undici";

export const CONNECTIONS = 64;

// A function that calls the stub for a number; one that does nothing without a stub.
export function caller(stub) {
  if (!stub) return async () => {};
  const pool = new Pool(`http://${stub}`, { connections: CONNECTIONS, pipelining: 1 });
  return async (number) => {
    const body = JSON.stringify({ prompt: `a song about rain, number ${number}` });
    const headers = { "content-type": "application/json", "idempotency-key": `job-${number}`, "x-task": `job-${number}` };
    const answer = await pool.request({ method: "POST", path: "/fast", headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 200 || !JSON.parse(text).ok) throw new Error(`the stub answered ${answer.statusCode}: ${text}`);
  };
}

// The work that the bench wants, and what is told to it: one line of JSON.
export const work = JSON.parse(process.argv[2]);
export function tell(answer) {
  console.log(JSON.stringify(answer));
  process.exit(0);
}
