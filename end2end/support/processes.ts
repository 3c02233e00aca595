// The programs under test: the server, its command line, the stand-in upstream.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "../..");
const binaries = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), process.env.E2E_PROFILE ?? "debug");

/** A program that runs until it is stopped. */
export class Running {
  constructor(
    private readonly child: ChildProcess,
    /** What it printed so far. */
    readonly output: { text: string },
  ) {}

  /** Ends it, gently first. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((done) => this.child.once("exit", () => done()));
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(timer);
  }
}

/** Starts a program and waits until it has printed what `ready` looks for; gives back the match. */
async function start(program: string, args: string[], ready: RegExp): Promise<[Running, RegExpMatchArray]> {
  const child = spawn(join(binaries, program), args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const output = { text: "" };
  const match = await new Promise<RegExpMatchArray>((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`${program} is not ready after 60 s:\n${output.text}`)), 60_000);
    const read = (chunk: Buffer) => {
      output.text += chunk.toString();
      const match = output.text.match(ready);
      if (match) {
        clearTimeout(timer);
        found(match);
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`${program} ended with ${code}:\n${output.text}`)));
  });
  return [new Running(child, output), match];
}

/** The stand-in upstream on a free port. */
export async function startUpstream(): Promise<{ process: Running; url: string }> {
  const [process, match] = await start("stand-in-upstream", ["--listen", "127.0.0.1:0"], /listening on (\S+)/);
  return { process, url: match[1] };
}

/** One installation: a folder with its data, its command line, and a server if it is started. */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), "apirequestweb-e2e-"));

  constructor(private readonly upstream: string) {}

  private settings(): string[] {
    return ["--data-dir", this.folder];
  }

  /** Runs a command to its end; the input is given to it. */
  async run(args: string[], input = ""): Promise<string> {
    const running = promisify(execFile)(join(binaries, "apirequestweb"), [...args, ...this.settings()], { cwd: root });
    running.child.stdin?.end(input);
    return (await running).stdout;
  }

  /** Makes a user with points. */
  async user(name: string, password: string, points: number, role = "user"): Promise<void> {
    await this.run(["user", "create", name, "--role", role, "--password-stdin"], `${password}\n`);
    if (points > 0) await this.run(["points", "recharge", "--user", name, "--points", String(points), "--note", "test"]);
  }

  /** Applies a catalog of end2end/ with the address of this run's upstream. */
  async catalog(name = "catalog.yaml"): Promise<void> {
    const text = readFileSync(join(root, "end2end", name), "utf8").replaceAll("http://upstream.invalid", this.upstream);
    const file = join(this.folder, "catalog.yaml");
    writeFileSync(file, text);
    await this.run(["catalog", "apply", file]);
  }

  /** Serves on a free port. Outbound calls may reach the upstream, and more ports of this machine if they are given. */
  async serve(ports: number[] = []): Promise<{ process: Running; url: string }> {
    const allow = [Number(new URL(this.upstream).port), ...ports].map((port) => `127.0.0.1/32:${port}`).join(",");
    const args = ["serve", "--listen", "127.0.0.1:0", "--outbound-allow", allow, "--min-interval-seconds", "1", "--default-interval-seconds", "1"];
    const [process, match] = await start("apirequestweb", [...args, ...this.settings()], /The console is at (\S+?)\/?\s/);
    return { process, url: match[1] };
  }

  /** Removes its data. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
