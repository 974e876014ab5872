import { CONTROL_PREFIX, type GithubJob, githubTokenRequest, type Health } from "@slipway/local-aws";
import { UserError } from "../user-error.ts";

/** Talks to the control interface of a running local AWS. */
export class ControlClient {
  readonly port: number;
  readonly #base: string;

  constructor(port: number) {
    this.port = port;
    this.#base = `http://127.0.0.1:${port}${CONTROL_PREFIX}`;
  }

  /** What runs on the port, or `undefined` when nothing answers there or it is something else. */
  async health(): Promise<Health | undefined> {
    try {
      const response = await fetch(`${this.#base}health`, { signal: AbortSignal.timeout(3_000) });
      const body = (await response.json()) as Partial<Health>;
      return body.name === "local-aws" ? (body as Health) : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * A token as GitHub Actions gives it to a job, for `AssumeRoleWithWebIdentity`.
   *
   * @throws UserError when no local AWS answers, or it refuses
   */
  async mintGithubToken(job: GithubJob): Promise<string> {
    const { token } = await this.call<{ token: string }>("POST", "tokens", githubTokenRequest(job));
    return token;
  }

  /**
   * @throws UserError when no local AWS answers, or it refuses
   */
  async call<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
    let response: Response;
    try {
      response = await fetch(`${this.#base}${path}`, {
        method,
        headers: { "x-slipway-control": "1", "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch (cause) {
      throw new UserError(
        `No local AWS answers on port ${this.port}. Start it with: slipway local start${this.port === 4566 ? "" : ` --port ${this.port}`}`,
        { cause },
      );
    }
    const text = await response.text();
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch (cause) {
      throw new UserError(
        `Port ${this.port} is taken by something that is not local AWS (it answered ${response.status} to ${path}). Choose another with --port N.`,
        { cause },
      );
    }
    if (!response.ok) {
      const { message } = answer as { message?: string };
      throw new UserError(message ?? `Local AWS refused ${method} ${path} with ${response.status}.`);
    }
    return answer as T;
  }
}
