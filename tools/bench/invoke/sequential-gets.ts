import { Agent, request } from "node:http";
import { median } from "../median.ts";

/** One request after the other on one kept connection. */
export class SequentialGets {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * Median latency in milliseconds, from the request to the last byte of the answer.
   *
   * @throws Error for an answer that is none of the handler's
   */
  async medianMs(requests: number): Promise<number> {
    // The connection may have to be made anew.
    await this.#get();
    const latencies: number[] = [];
    for (let number = 0; number < requests; number++) {
      const startedAt = performance.now();
      await this.#get();
      latencies.push(performance.now() - startedAt);
    }
    return median(latencies);
  }

  close(): void {
    this.#agent.destroy();
  }

  #get(): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, { agent: this.#agent }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          body += text;
        });
        response.once("end", () => {
          if (response.statusCode === 200 && body.startsWith('{"path":')) {
            resolve();
          } else {
            reject(new Error(`${this.#url} was answered ${response.statusCode}: ${body.slice(0, 300)}`));
          }
        });
        response.once("error", reject);
      });
      sent.once("error", reject);
      sent.end();
    });
  }
}
