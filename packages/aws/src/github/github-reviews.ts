import {
  assertNotInterrupted,
  type CodeReviews,
  type HttpClient,
  type HttpResponse,
  ReleaseError,
  type ReviewedChange,
} from "@slipway/release-engine";

export interface GithubReviewsOptions {
  readonly http: HttpClient;
  /** `owner/name`. */
  readonly repository: string;
  /** Needs to read pull requests (`pull-requests: read`) and contents. */
  readonly token: string;
  /** `https://api.github.com` unless given. */
  readonly apiUrl?: string;
}

interface Account {
  readonly login: string;
  readonly type?: string;
}

interface Pull {
  readonly number: number;
  readonly merged_at: string | null;
  readonly user: Account | null;
  readonly head: { readonly sha: string };
}

interface Review {
  readonly user: Account | null;
  /** `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`, `DISMISSED`, `PENDING`. */
  readonly state: string;
  /** The head of the pull request when it was written. */
  readonly commit_id: string | null;
  readonly author_association: string;
}

interface PullCommit {
  readonly author: Account | null;
  readonly commit: { readonly message: string; readonly author: { readonly email?: string } | null };
}

const PAGE = 100;
const TIMEOUT_MS = 15_000;
/** Who belongs to the team: others may approve on GitHub, too. */
const MEMBERS = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);
/** GitHub's addresses for people who show none: `12345+octocat@users.noreply.github.com`. */
const NOREPLY = /(?:\d+\+)?([\w-]+)@users\.noreply\.github\.com/i;

/**
 * Reviews of pull requests, by GitHub's REST API.
 *
 * @see https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit
 * @see https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request
 */
export class GithubReviews implements CodeReviews {
  readonly #options: GithubReviewsOptions;
  /** Many commits come with the same one. */
  readonly #changes = new Map<number, Promise<ReviewedChange>>();

  constructor(options: GithubReviewsOptions) {
    this.#options = options;
  }

  async reviewsOf(commit: string, signal?: AbortSignal): Promise<readonly ReviewedChange[]> {
    const pulls = await this.#list<Pull>(`commits/${commit}/pulls`, signal);
    return Promise.all(
      pulls
        .filter(({ merged_at }) => merged_at !== null)
        .map((pull) => {
          const known = this.#changes.get(pull.number) ?? this.#read(pull, signal);
          this.#changes.set(pull.number, known);
          return known;
        }),
    );
  }

  async #read({ number, user, head }: Pull, signal: AbortSignal | undefined): Promise<ReviewedChange> {
    const [reviews, commits] = await Promise.all([
      this.#list<Review>(`pulls/${number}/reviews`, signal),
      this.#list<PullCommit>(`pulls/${number}/commits`, signal),
    ]);
    const authors = new Set([nameOf(user), ...commits.flatMap(authorsOf)].filter((name) => name !== ""));
    // In the order in which they were written; a comment takes nothing back.
    const latest = new Map<string, Review>();
    for (const review of reviews.filter(({ state }) => /^(APPROVED|CHANGES_REQUESTED|DISMISSED)$/.test(state))) {
      latest.set(nameOf(review.user), review);
    }
    const others = [...latest].filter(
      ([name, { user: reviewer, author_association }]) =>
        name !== "" && !authors.has(name) && reviewer?.type !== "Bot" && MEMBERS.has(author_association),
    );
    const isApproval = ({ state, commit_id }: Review) => state === "APPROVED" && commit_id === head.sha;
    return {
      name: `${this.#options.repository}#${number}`,
      authors: [...authors],
      approvedBy: others.filter(([, review]) => isApproval(review)).map(([name]) => name),
      refusedBy: others.filter(([, { state }]) => state === "CHANGES_REQUESTED").map(([name]) => name),
    };
  }

  async #list<T>(path: string, signal: AbortSignal | undefined): Promise<T[]> {
    const all: T[] = [];
    for (let page = 1; ; page += 1) {
      const rows = await this.#page<T>(`${path}?per_page=${PAGE}&page=${page}`, signal);
      all.push(...rows);
      if (rows.length < PAGE) {
        return all;
      }
    }
  }

  async #page<T>(path: string, signal: AbortSignal | undefined): Promise<T[]> {
    const { http, repository, token, apiUrl = "https://api.github.com" } = this.#options;
    assertNotInterrupted(signal, "while GitHub was asked for reviews");
    const response = await http.send({
      method: "GET",
      url: `${apiUrl.replace(/\/+$/, "")}/repos/${repository}/${path}`,
      headers: {
        Accept: "application/vnd.github+json",
        Authorization: `Bearer ${token}`,
        "X-GitHub-Api-Version": "2022-11-28",
        "User-Agent": "slipway",
      },
      timeoutMs: TIMEOUT_MS,
    });
    const rows = response.status === 200 ? parseList(response.body) : undefined;
    if (rows === undefined) {
      throw failureOf(response, repository, path);
    }
    return rows as T[];
  }
}

function nameOf(account: Account | null): string {
  return account?.login.toLowerCase() ?? "";
}

/** Whoever wrote it with somebody counts, too. */
function authorsOf({ author, commit }: PullCommit): string[] {
  const addresses = [commit.author?.email ?? "", ...(commit.message.match(/^co-authored-by:.*$/gim) ?? [])];
  return [nameOf(author), ...addresses.map((text) => NOREPLY.exec(text)?.[1]?.toLowerCase() ?? "")];
}

function parseList(body: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function failureOf({ status, headers, body }: HttpResponse, repository: string, path: string): ReleaseError {
  const what = "GitHub did not say who reviewed the change";
  const why = `GET /repos/${repository}/${path.replace(/\?.*/, "")}: ${status} ${messageIn(body)}`;
  if (status === 429 || (status === 403 && (headers["x-ratelimit-remaining"] === "0" || "retry-after" in headers))) {
    const next = "wait until the limit is reset (header x-ratelimit-reset), then type the same command again";
    return new ReleaseError({ kind: "throttled", what, why, next });
  }
  if (status === 401 || status === 403) {
    const next = "give GITHUB_TOKEN the rights to read pull requests and contents of the repository";
    return new ReleaseError({ kind: "denied", what, why, next });
  }
  if (status === 404 || status === 422) {
    const next = "push the commit; and see that GITHUB_TOKEN may read the repository";
    return new ReleaseError({ kind: "not-found", what, why, next });
  }
  return new ReleaseError({ kind: "failed", what, why, next: "see https://www.githubstatus.com, then try again" });
}

function messageIn(body: string): string {
  try {
    const { message } = JSON.parse(body);
    return typeof message === "string" ? message.slice(0, 200) : "";
  } catch {
    return "(no JSON)";
  }
}
