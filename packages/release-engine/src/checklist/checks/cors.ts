import { ReleaseError } from "../../release-error.ts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import type { ChecklistFacts } from "../checklist-facts.ts";
import { deployedInputs, MINUTE_MS } from "./inputs.ts";

const ALLOW_ORIGIN = "access-control-allow-origin";
const ALLOW_CREDENTIALS = "access-control-allow-credentials";
/** A name that nobody can have (RFC 2606). */
const STRANGER = "https://stranger.invalid";
const TIMEOUT_MS = 10_000;

/**
 * Whose scripts may call the API: what the configuration demands of its answers, and what a stranger's script is answered now. That any
 * origin may call is right for some APIs, and nobody but a person knows for which.
 */
export const cors: ChecklistCheck = {
  name: "cors",
  section: "Security",
  title: "CORS settings appropriate for production",
  pace: "quick",
  lifetimeMs: 15 * MINUTE_MS,
  async inputs(facts) {
    const { smoke, validation } = facts.subject.config;
    const deployed = await deployedInputs(facts);
    return deployed === undefined ? undefined : [...deployed, smoke, validation.cors ?? null];
  },
  async judge(facts): Promise<ChecklistFinding[]> {
    const { config } = facts.subject;
    const origins = declaredOrigins(facts);
    const bad = origins.filter(
      (origin) => origin.startsWith("http://") || /^https?:\/\/(localhost|127\.)/.test(origin),
    );
    if (config.protected && bad.length > 0) {
      const found = `${bad.join(", ")} may call it: plain HTTP, or somebody's own machine`;
      return [{ status: "fail", found, next: "let only https:// origins of the application in" }];
    }
    const live = await askAsStranger(facts);
    const isAny = live?.origin === "*" || live?.origin === STRANGER;
    if (live?.origin === STRANGER && live.credentials) {
      const found = `a script of any origin (tried: ${STRANGER}) may call it with the cookies of whoever looks at it`;
      return [{ status: "fail", found, next: "name the origins that may, or allow no credentials" }];
    }
    if (origins.length === 0) {
      const found = "nothing in slipway.config.ts says whose scripts may call the API";
      return [{ status: "unknown", found, next: "add a smoke step with OPTIONS, or validation.cors" }];
    }
    if (origins.includes("*")) {
      return [
        config.protected
          ? {
              ...{
                status: "unknown",
                found: "scripts of any origin may call it, and nobody has said that this is meant",
              },
              next: "name the application's origin; or waive this, if the API is for everybody",
            }
          : { status: "pass", found: "scripts of any origin may call it, and the environment is not protected" },
      ];
    }
    if (isAny) {
      const found = `slipway.config.ts expects ${origins.join(", ")}, and what is deployed lets scripts of any origin in`;
      return [{ status: "unknown", found, next: "the release's smoke test decides", decidedIn: "smoke" }];
    }
    const now = live === undefined ? "" : "; a stranger's is not let in";
    return [{ status: "pass", found: `only scripts of ${origins.join(", ")} may call it${now}` }];
  },
};

/** What the answers to scripts have to say, by the smoke test and the validation. */
function declaredOrigins({ subject: { config } }: ChecklistFacts): string[] {
  const ofSteps = config.smoke.steps.flatMap(({ expect }) =>
    Object.entries(expect.headers ?? {})
      .filter(([header]) => header.toLowerCase() === ALLOW_ORIGIN)
      .map(([, value]) => value),
  );
  const { cors: asked } = config.validation;
  return [...new Set([...ofSteps, ...(asked === undefined ? [] : [asked.allowOrigin ?? asked.origin])])];
}

/** Undefined where nothing is deployed, or it does not answer: what is to be deployed can be judged without it. */
async function askAsStranger(facts: ChecklistFacts): Promise<{ origin?: string; credentials: boolean } | undefined> {
  const { ports, subject } = facts;
  const state = await facts.state();
  const url = state === undefined ? undefined : subject.apiUrl(state);
  const { smoke, validation } = subject.config;
  const path =
    validation.cors?.path ?? smoke.steps.find(({ method }) => method === "OPTIONS")?.path ?? smoke.ready?.path;
  if (url === undefined || path === undefined) {
    return undefined;
  }
  try {
    const { headers } = await ports.http.send({
      ...{ method: "OPTIONS", url: `${url.replace(/\/+$/, "")}${path}`, timeoutMs: TIMEOUT_MS },
      headers: { Origin: STRANGER, "Access-Control-Request-Method": "POST" },
    });
    const origin = headers[ALLOW_ORIGIN];
    return { ...(origin === undefined ? {} : { origin }), credentials: headers[ALLOW_CREDENTIALS] === "true" };
  } catch (error) {
    if (error instanceof ReleaseError && error.kind !== "interrupted") {
      return undefined;
    }
    throw error;
  }
}
