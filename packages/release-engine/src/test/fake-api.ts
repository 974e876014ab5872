import type { HttpClient, HttpRequest, HttpResponse } from "../ports/http-client.ts";
import { ReleaseError } from "../release-error.ts";

type Answer = { status: number; headers?: Record<string, string>; body?: unknown } | "silence";

/** An API that answers by `METHOD /path`; a list is answered one by one, its last element for ever. */
export class FakeApi implements HttpClient {
  readonly requests: HttpRequest[] = [];
  readonly #answers: Map<string, Answer[]>;

  constructor(answers: Record<string, Answer | Answer[]>) {
    this.#answers = new Map(Object.entries(answers).map(([request, answer]) => [request, [answer].flat()]));
  }

  /** What was asked, as `METHOD /path`. */
  get asked(): string[] {
    return this.requests.map(({ method, url }) => `${method} ${url.replace("http://api/prod", "")}`);
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    this.requests.push(request);
    const answers = this.#answers.get(this.asked.at(-1) ?? "") ?? [];
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 404 };
    if (answer === "silence") {
      throw new ReleaseError({ kind: "unreachable", what: "got no answer", why: "ECONNREFUSED", next: "start it" });
    }
    const { status, headers = {}, body } = answer;
    return { status, headers, body: body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body) };
  }
}
