import { Agent, request } from "node:http";
import { runInFlight } from "../support/run-in-flight.ts";
import type { ServerProcess } from "../support/server-process.ts";
import { batchSize, type CapturedRequest } from "./captured-requests.ts";

/** Requests under way at any moment. */
export const inFlight = 4;

/** What one server made of requests. */
export interface Accepted {
  /** Data points or log events that were acknowledged. */
  readonly perSecond: number;
  /** Processor time of the server for a thousand of them. */
  readonly serverCpuMs: number;
}

/** Sends captured requests to a server as fast as it takes them. */
export class Replay {
  readonly #endpoint: string;
  readonly #server: ServerProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: inFlight });

  constructor(endpoint: string, server: ServerProcess) {
    this.#endpoint = endpoint;
    this.#server = server;
  }

  /** @throws Error for a request that is not accepted */
  async send(requests: readonly CapturedRequest[]): Promise<Accepted> {
    const cpuBefore = await this.#server.cpuMs();
    const startedAt = performance.now();
    await runInFlight(requests.length, inFlight, (turn) => this.#post(requests[turn] as CapturedRequest));
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuMs = (await this.#server.cpuMs()) - cpuBefore;
    const things = requests.length * batchSize;
    return { perSecond: things / seconds, serverCpuMs: cpuMs / (things / 1000) };
  }

  close(): void {
    this.#agent.destroy();
  }

  #post({ path, headers, body }: CapturedRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const options = { method: "POST", headers, agent: this.#agent };
      const sent = request(new URL(path, this.#endpoint), options, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("end", () => {
          if (response.statusCode === 200) {
            resolve();
          } else {
            reject(new Error(`${this.#endpoint} answered ${response.statusCode}: ${text.slice(0, 300)}`));
          }
        });
        response.once("error", reject);
      });
      sent.once("error", reject);
      sent.end(body);
    });
  }
}
