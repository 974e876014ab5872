import {
  Agent,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as sendRequest,
} from "node:http";
import type { AddressInfo } from "node:net";
import { plantedAnswer } from "./planted-answer.ts";
import { type RecordedCall, recognizeCall } from "./recorded-call.ts";

/**
 * What is done to a call: `throttle` and `error` are answered without AWS, `reset` cuts the connection before AWS has seen anything,
 * `lost-answer` after AWS has acted. A function is run in the place of AWS (`before`), or after it has acted and instead of the answer; with
 * `pass-after` the call is passed on once the function has ended, as one that was slow on its way.
 */
export type Intervention =
  | "throttle"
  | "error"
  | "reset"
  | "lost-answer"
  | { readonly when: "before" | "after" | "pass-after"; readonly run: () => void | Promise<void> };

/** Asked about each call, once, before it is passed on. */
export type Intervene = (call: RecordedCall) => Intervention | undefined;

/**
 * Stands between a release and local AWS: passes on every call as it is, signature and all, writes down what was called, and does to a
 * call what a test asks for.
 */
export class CallProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #target: number;
  /** A connection for each call: one that was kept may close just when it is taken, and a call would fail that nobody has struck. */
  readonly #agent = new Agent({ keepAlive: false });
  #calls: RecordedCall[] = [];
  #occurrences = new Map<string, number>();
  #intervene: Intervene | undefined;

  /** @param target the port of a local AWS */
  static async start(target: number): Promise<CallProxy> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    return new CallProxy(server, target);
  }

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    this.port = (server.address() as AddressInfo).port;
    server.on("request", (request, response) => {
      this.#pass(request, response).catch(() => request.socket.destroy());
    });
  }

  /** What was called since the last {@link begin}. */
  get calls(): readonly RecordedCall[] {
    return this.#calls;
  }

  /** Forgets what was called, and begins to count anew. */
  begin(intervene?: Intervene): void {
    this.#calls = [];
    this.#occurrences = new Map();
    this.#intervene = intervene;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { method = "GET", url = "/", headers } = request;
    const recognized = recognizeCall({ method, url, headers, body });
    const occurrence = (this.#occurrences.get(recognized.name) ?? 0) + 1;
    this.#occurrences.set(recognized.name, occurrence);
    const call: RecordedCall = { ...recognized, occurrence, number: this.#calls.length + 1, at: Date.now() };
    this.#calls.push(call);
    const intervention = this.#intervene?.(call);
    if (intervention !== undefined) {
      call.struck = typeof intervention === "string" ? intervention : intervention.when;
    }
    if (intervention === "throttle" || intervention === "error") {
      const answer = plantedAnswer(intervention, call);
      call.status = answer.status;
      response.writeHead(answer.status, answer.headers).end(method === "HEAD" ? undefined : answer.body);
      return;
    }
    if (intervention === "reset") {
      request.socket.resetAndDestroy();
      return;
    }
    if (typeof intervention === "object" && intervention.when === "before") {
      await intervention.run();
      request.socket.resetAndDestroy();
      return;
    }
    const isLate = typeof intervention === "object" && intervention.when === "pass-after";
    if (isLate) {
      await intervention.run();
    }
    const answer = await this.#ask(request, body);
    call.status = answer.status;
    if (intervention !== undefined && !isLate) {
      if (typeof intervention === "object") {
        await intervention.run();
      }
      request.socket.resetAndDestroy();
      return;
    }
    const text = url.startsWith("/_slipway/health") ? this.#throughHere(answer.body) : answer.body;
    const { "content-length": length, "transfer-encoding": _, connection: __, ...headersOfAnswer } = answer.headers;
    if (method !== "HEAD" && answer.status !== 204 && answer.status !== 304) {
      headersOfAnswer["content-length"] = String(text.length);
    } else if (length !== undefined) {
      headersOfAnswer["content-length"] = length;
    }
    response.writeHead(answer.status, headersOfAnswer);
    response.end(method === "HEAD" ? undefined : text);
  }

  /** Local AWS says where it listens: whoever asks here shall come here. */
  #throughHere(body: Buffer): Buffer {
    return Buffer.from(body.toString("utf8").replaceAll(`127.0.0.1:${this.#target}`, `127.0.0.1:${this.port}`));
  }

  #ask(
    { method, url: path, rawHeaders }: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }> {
    return new Promise((resolve, reject) => {
      // Raw: the signature is of the headers as they were sent, the host's among them.
      const headers: string[] = [];
      for (let index = 0; index < rawHeaders.length; index += 2) {
        const name = rawHeaders[index] ?? "";
        if (!/^(connection|keep-alive|transfer-encoding|content-length|expect)$/i.test(name)) {
          headers.push(name, rawHeaders[index + 1] ?? "");
        }
      }
      headers.push("Content-Length", String(body.length));
      // The types know no list of headers, which Node takes as it came (`rawHeaders`).
      const options = { host: "127.0.0.1", port: this.#target, method, path, agent: this.#agent, setHost: false };
      const passed = sendRequest({ ...options, headers: headers as never }, (answer) => {
        bodyOf(answer).then(
          (text) => resolve({ status: answer.statusCode ?? 502, headers: { ...answer.headers }, body: text }),
          reject,
        );
      });
      passed.once("error", reject);
      passed.end(body);
    });
  }
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
