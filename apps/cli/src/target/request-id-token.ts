import { ReleaseError } from "@slipway/release-engine";

/** Where a job of GitHub Actions gets its tokens, and what lets it: `ACTIONS_ID_TOKEN_REQUEST_URL` and `..._TOKEN`. */
export interface IdTokenRequest {
  readonly url: string;
  readonly bearer: string;
}

const AUDIENCE = "sts.amazonaws.com";
const TIMEOUT_MS = 30_000;

/**
 * A token of GitHub's for AWS, that says which job of which workflow asks. It is good for minutes, so one is asked for each time.
 *
 * @throws ReleaseError when GitHub does not give one
 * @see https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export async function requestIdToken({ url, bearer }: IdTokenRequest, fetcher: typeof fetch = fetch): Promise<string> {
  const at = new URL(url);
  at.searchParams.set("audience", AUDIENCE);
  let why: string;
  try {
    const answer = await fetcher(at, {
      headers: { Authorization: `bearer ${bearer}`, Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { value }: { readonly value?: unknown } = answer.ok ? ((await answer.json()) as object) : {};
    if (typeof value === "string" && value !== "") {
      return value;
    }
    why = answer.ok ? "its answer has no token" : `it answers ${answer.status}`;
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  throw new ReleaseError({
    kind: "unreachable",
    what: "GitHub gives this job no token for AWS",
    why,
    next: "give the job `permissions: { id-token: write }`, and run it again",
  });
}
