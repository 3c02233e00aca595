// A receiver of webhooks that keeps what it got, byte for byte.
import { execFileSync } from "node:child_process";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One request. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Listens on the port that the server under test may reach. */
export class Receiver {
  readonly received: Received[] = [];
  /** What is answered from now on. */
  status = 200;
  private server: Server | undefined;

  async start(port = Number(process.env.E2E_RECEIVER_PORT)): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.received.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString("utf8") });
        response.writeHead(this.status, { "content-type": "text/plain" }).end(this.status < 300 ? "thank you" : "no, thank you");
      });
    });
    await new Promise<void>((listening) => this.server?.listen(port, "127.0.0.1", listening));
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((closed) => this.server?.close(() => closed()));
  }
}

const VERIFY = `
import json, sys
from standardwebhooks.webhooks import Webhook
given = json.load(sys.stdin)
print(json.dumps(Webhook(given["secret"]).verify(given["body"], given["headers"])))
`;

/** What the official Python library makes of a message; throws where it refuses. */
export function verifyInPython<T>(secret: string, { headers, body }: Received): T {
  const python = process.env.PYTHON ?? "python3";
  return JSON.parse(execFileSync(python, ["-c", VERIFY], { input: JSON.stringify({ secret, headers, body }), stdio: ["pipe", "pipe", "pipe"] }).toString());
}

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, "127.0.0.1", listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((closed) => probe.close(() => closed()));
  return port;
}
