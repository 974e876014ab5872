import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import { freePort } from "./free-port.ts";
import { node22, repositoryRoot, slipwayProgram } from "./repository.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** What AWS SDK clients are made with: `new S3Client({ ...localAws.client, forcePathStyle: true })`. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Where a local AWS is started. */
export interface StartOptions {
  /** A free one by default. */
  readonly port?: number;
  /** A temporary folder by default, which goes when local AWS is stopped. */
  readonly dataDir?: string;
  /** us-east-1 by default. */
  readonly region?: string;
}

/** The npm script `start`, without npm's own lines on stdout. */
const NPM_START = [join(repositoryRoot, "scripts/run.mjs"), "apps/cli/bin/start.mjs", "rehearse"];
const NPM_START_TIMEOUT_MS = 900_000;
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 120_000;

/** How `npm start` is typed. */
export interface NpmStartOptions {
  readonly port: number;
  readonly dataDir: string;
  readonly words?: readonly string[];
  /** Whether this, all that is on stdout, is the last that it says before it stays up. */
  readonly isUp: (stdout: string) => boolean;
}

/** A local AWS in a process of its own: `slipway local start --foreground`, or `npm start`, as people type it. */
export class LocalAwsProcess {
  readonly port: number;
  readonly dataDir: string;
  readonly endpoint: string;
  readonly pid: number;
  readonly client: ClientSettings;
  /** The whole environment that AWS CLI and Terraform get: nothing of the developer's own AWS settings is in it. */
  readonly env: NodeJS.ProcessEnv;
  readonly #child: ChildProcess;
  readonly #cleanUp: () => void;
  #stdout = "";
  #stderr = "";

  /**
   * Types `npm start`, which takes prod to production on it first.
   *
   * @throws Error with what it said, when it ends, or is not up within some minutes
   */
  static async npmStart({ port, dataDir, words = [], isUp }: NpmStartOptions): Promise<LocalAwsProcess> {
    const where = ["--port", String(port), "--data-dir", dataDir];
    const child = spawn(process.execPath, [...NPM_START, ...words, ...where], {
      cwd: repositoryRoot,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const local = new LocalAwsProcess(child, { port, dataDir }, () => {});
    await local.#ready(isUp, NPM_START_TIMEOUT_MS);
    return local;
  }

  /**
   * Starts one and waits until it answers.
   *
   * @throws Error with what it said, when it does not start
   */
  static async start(options: StartOptions = {}): Promise<LocalAwsProcess> {
    const folder = options.dataDir === undefined ? temporaryFolder("local-aws") : undefined;
    const dataDir = options.dataDir ?? folder?.path ?? "";
    const port = options.port ?? (await freePort());
    const { region = "us-east-1" } = options;
    // Ends by itself should the test's own process be killed: it notices that the channel has closed.
    const guard = join(repositoryRoot, "scripts/end-with-parent.mjs");
    const child = spawn(
      node22,
      [
        "--disable-warning=ExperimentalWarning",
        `--import=${guard}`,
        slipwayProgram,
        ...["local", "start", "--foreground", "--output", "json"],
        ...["--port", String(port), "--data-dir", dataDir, "--region", region],
      ],
      {
        cwd: repositoryRoot,
        env: { ...process.env, SLIPWAY_PARENT_PID: String(process.pid) },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      },
    );
    const local = new LocalAwsProcess(child, { port, dataDir, region }, () => folder?.remove());
    await local.#ready((stdout) => stdout.endsWith("\n"), START_TIMEOUT_MS);
    return local;
  }

  private constructor(
    child: ChildProcess,
    {
      port,
      dataDir,
      region = "us-east-1",
    }: { readonly port: number; readonly dataDir: string; readonly region?: string },
    cleanUp: () => void,
  ) {
    this.#child = child;
    this.#cleanUp = cleanUp;
    this.port = port;
    this.dataDir = dataDir;
    this.pid = child.pid ?? 0;
    this.endpoint = `http://127.0.0.1:${port}`;
    this.client = {
      region,
      endpoint: this.endpoint,
      credentials: { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY },
    };
    this.env = {
      PATH: process.env.PATH,
      HOME: dataDir,
      LANG: "C.UTF-8",
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: this.client.region,
      AWS_DEFAULT_REGION: this.client.region,
      AWS_ACCESS_KEY_ID: ROOT_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY: ROOT_SECRET_ACCESS_KEY,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_PAGER: "",
    };
    child.stdout?.on("data", (chunk: Buffer) => {
      this.#stdout += chunk.toString("utf8");
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr += chunk.toString("utf8");
    });
  }

  /** What it has said on stdout. */
  get output(): string {
    return this.#stdout;
  }

  /** What it has logged. */
  get log(): string {
    return this.#stderr;
  }

  /** Asks the control interface. */
  async control<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.endpoint}/_slipway/${path}`, {
      method,
      headers: { "x-slipway-control": "1", "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path} was answered ${response.status}: ${answer}`);
    }
    return JSON.parse(answer) as T;
  }

  /** What every service holds, by service. */
  inventory(): Promise<Record<string, readonly string[]>> {
    return this.control("GET", "inventory");
  }

  /** The address of a deployed API's stage, without a slash at its end. */
  stageUrl(apiId: string, stage: string): string {
    return `${this.endpoint}/restapis/${apiId}/${stage}/_user_request_`;
  }

  /** kill -9, and waits until it is gone. */
  async kill(): Promise<void> {
    const gone = this.#exited();
    this.#child.kill("SIGKILL");
    await gone;
  }

  /**
   * Stops it as Ctrl-C does, and takes its temporary folder away.
   *
   * @throws Error when it does not end, or not with exit code 0
   */
  async stop(): Promise<void> {
    const gone = this.#exited();
    const isRunning = this.#child.exitCode === null && this.#child.signalCode === null;
    if (isRunning) {
      this.#child.kill("SIGINT");
    }
    const insist = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(insist);
    this.#cleanUp();
    if (isRunning && this.#child.exitCode !== 0) {
      throw new Error(`local AWS ended with ${this.#child.exitCode ?? this.#child.signalCode}:\n${this.#stderr}`);
    }
  }

  async #exited(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, "exit");
    }
  }

  async #ready(isUp: (stdout: string) => boolean, timeoutMs: number): Promise<void> {
    const why = await new Promise<string | undefined>((resolve) => {
      const late = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs);
      this.#child.stdout?.on("data", () => {
        if (isUp(this.#stdout)) {
          clearTimeout(late);
          resolve(undefined);
        }
      });
      this.#child.once("close", (code, signal) => {
        clearTimeout(late);
        resolve(`it ended with ${code ?? signal}`);
      });
    });
    if (why !== undefined) {
      this.#child.kill("SIGKILL");
      this.#cleanUp();
      throw new Error(`local AWS did not start on port ${this.port} (${why}):\n${this.#stderr}`);
    }
  }
}
