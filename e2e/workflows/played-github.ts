import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { GithubJob } from "@slipway/local-aws";

/** A job as GitHub knows it: what its tokens say, and what they open. */
export interface PlayedJob {
  readonly claims: GithubJob;
  readonly permissions: Readonly<Record<string, string>>;
}

/** What a job gets at its beginning. */
export interface JobTokens {
  /** `github.token`. */
  readonly token: string;
  /** Only where the job has `id-token: write`. */
  readonly idToken?: { readonly url: string; readonly bearer: string };
}

/** A comment of an issue or a pull request. */
export interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  body: string;
}

/** Somebody's review of the pull request that commits came with. */
export interface Review {
  readonly login: string;
  readonly state: "APPROVED" | "CHANGES_REQUESTED";
}

interface Pull {
  readonly number: number;
  readonly head: string;
  readonly author: string;
  readonly commits: ReadonlySet<string>;
  readonly reviews: readonly Review[];
}

/**
 * GitHub, as far as workflows ask it: tokens for AWS, made by the issuer that local AWS has in GitHub's place; reviews; comments. A token
 * opens what the permissions of its job say, and what is asked besides is refused and remembered.
 */
export class PlayedGithub {
  readonly repository: string;
  readonly comments = new Map<number, Comment[]>();
  /** What was asked, and is not played or was not allowed. */
  readonly refused: string[] = [];
  readonly #mint: (job: GithubJob) => Promise<string>;
  readonly #jobs = new Map<string, PlayedJob>();
  readonly #bearers = new Map<string, PlayedJob>();
  readonly #pulls: Pull[] = [];
  readonly #server: Server;

  /** @param mint the issuer */
  static async start(repository: string, mint: (job: GithubJob) => Promise<string>): Promise<PlayedGithub> {
    const github = new PlayedGithub(repository, mint);
    await new Promise<void>((resolve) => github.#server.listen(0, "127.0.0.1", resolve));
    return github;
  }

  private constructor(repository: string, mint: (job: GithubJob) => Promise<string>) {
    this.repository = repository;
    this.#mint = mint;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Begins a job. */
  open(job: PlayedJob): JobTokens {
    const token = `ghs_${randomUUID()}`;
    this.#jobs.set(token, job);
    if (job.permissions["id-token"] !== "write") {
      return { token };
    }
    const bearer = randomUUID();
    this.#bearers.set(bearer, job);
    return { token, idToken: { url: `${this.url}/id-token?api-version=2.0`, bearer } };
  }

  /** Merges a pull request. */
  merged(pull: Omit<Pull, "commits"> & { readonly commits: readonly string[] }): void {
    this.#pulls.push({ ...pull, commits: new Set(pull.commits) });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const asked = Buffer.concat(chunks).toString("utf8");
    const [status, body] = await this.#answer(request, asked).catch(
      (error): Answer => [422, { message: String(error) }],
    );
    if (status >= 400) {
      this.refused.push(`${request.method} ${request.url}: ${status} ${JSON.stringify(body)}`);
    }
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }

  async #answer(request: IncomingMessage, body: string): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.url);
    const [, credential = ""] = /^(?:bearer|token) (.+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (pathname === "/id-token") {
      const job = this.#bearers.get(credential);
      const audience = searchParams.get("audience") ?? undefined;
      return job === undefined
        ? [401, { message: "Bad credentials" }]
        : [200, { value: await this.#mint({ ...job.claims, audience }) }];
    }
    const job = this.#jobs.get(credential);
    if (job === undefined) {
      return [401, { message: "Bad credentials" }];
    }
    const beginning = `/repos/${this.repository}/`;
    const { permissions } = job;
    return pathname.startsWith(beginning)
      ? this.#inRepository(`${request.method} ${pathname.slice(beginning.length)}`, { permissions, searchParams, body })
      : [404, { message: "Not Found" }];
  }

  #inRepository(asked: string, { permissions, searchParams, body }: Asked): Answer {
    for (const [pattern, needs, answer] of this.#routes) {
      const match = pattern.exec(asked);
      if (match !== null) {
        const isAllowed = Object.entries(needs).every(([about, need]) =>
          [need, "write"].includes(permissions[about] ?? ""),
        );
        const page = Number(searchParams.get("page") ?? 1);
        const size = Number(searchParams.get("per_page") ?? 30);
        const [status, all] = isAllowed
          ? answer(match, body)
          : [403, { message: `Resource not accessible by integration: it needs ${JSON.stringify(needs)}` }];
        return [status, Array.isArray(all) ? all.slice((page - 1) * size, page * size) : all];
      }
    }
    return [404, { message: "Not Found" }];
  }

  readonly #routes: readonly Route[] = [
    [
      /^GET commits\/([0-9a-f]{40})\/pulls$/,
      { "pull-requests": "read", contents: "read" },
      ([, commit = ""]) => [
        200,
        this.#pulls
          .filter(({ commits }) => commits.has(commit))
          .map(({ number, head, author }) => ({
            ...{ number, merged_at: "2026-11-01T10:00:00Z", user: { login: author, type: "User" } },
            head: { sha: head },
          })),
      ],
    ],
    [
      /^GET pulls\/(\d+)\/reviews$/,
      { "pull-requests": "read" },
      ([, number]) => [
        200,
        this.#pull(number)?.reviews.map(({ login, state }) => ({
          ...{ user: { login, type: "User" }, state, commit_id: this.#pull(number)?.head },
          author_association: "MEMBER",
        })) ?? [],
      ],
    ],
    [
      /^GET pulls\/(\d+)\/commits$/,
      { "pull-requests": "read" },
      ([, number]) => {
        const pull = this.#pull(number);
        const author = { login: pull?.author ?? "", type: "User" };
        return [200, [...(pull?.commits ?? [])].map((sha) => ({ sha, author, commit: { message: "", author: null } }))];
      },
    ],
    [/^GET issues\/(\d+)\/comments$/, { "pull-requests": "read" }, ([, number]) => [200, this.#commentsOf(number)]],
    [
      /^POST issues\/(\d+)\/comments$/,
      { "pull-requests": "write" },
      ([, number], body) => {
        const own = this.#commentsOf(number);
        const comment = { id: 1_000 + own.length, user: { login: "github-actions[bot]" }, body: textOf(body) };
        own.push(comment);
        return [201, comment];
      },
    ],
    [
      /^PATCH issues\/comments\/(\d+)$/,
      { "pull-requests": "write" },
      ([, id], body) => {
        const comment = [...this.comments.values()].flat().find((each) => each.id === Number(id));
        if (comment === undefined) {
          return [404, { message: "Not Found" }];
        }
        comment.body = textOf(body);
        return [200, comment];
      },
    ],
  ];

  #pull(number: string | undefined): Pull | undefined {
    return this.#pulls.find((pull) => pull.number === Number(number));
  }

  #commentsOf(number: string | undefined): Comment[] {
    const own = this.comments.get(Number(number)) ?? [];
    this.comments.set(Number(number), own);
    return own;
  }
}

type Answer = readonly [status: number, body: unknown];

interface Asked {
  readonly permissions: Readonly<Record<string, string>>;
  readonly searchParams: URLSearchParams;
  readonly body: string;
}

type Route = readonly [
  pattern: RegExp,
  needs: Readonly<Record<string, string>>,
  answer: (match: RegExpExecArray, body: string) => Answer,
];

function textOf(body: string): string {
  const { body: text } = JSON.parse(body) as { readonly body?: unknown };
  if (typeof text !== "string" || text === "" || text.length > 65_536) {
    throw new Error("Validation Failed: body has to be a text of at most 65536 characters");
  }
  return text;
}
