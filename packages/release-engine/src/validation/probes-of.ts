import { type EnvironmentConfig, placeholdersIn, type SmokeStep } from "@slipway/contracts";

/** A request that a validation sends, and what a good answer is. */
export interface Probe {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expected: readonly number[];
  /** CORS headers of a good answer, by lower-case name. */
  readonly expectedCors: Readonly<Record<string, string>>;
}

const CORS_HEADER = /^access-control-/i;
/** Methods that change nothing. */
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * The requests that can be sent by themselves: is the API ready, every step of the smoke scenario that changes nothing and needs nothing
 * of an earlier one, and the question about CORS that the configuration asks. The first one is that which a function answers.
 */
export function probesOf({ smoke, validation }: Pick<EnvironmentConfig, "smoke" | "validation">): readonly Probe[] {
  const ready: Probe[] =
    smoke.ready === undefined
      ? []
      : [
          {
            ...{ name: "the API answers", method: "GET", path: smoke.ready.path },
            ...{ headers: {}, expected: [200], expectedCors: {} },
          },
        ];
  const steps = smoke.steps.filter(canStandAlone).map(probeOf);
  const all = [...ready, ...steps.filter(({ method }) => method !== "OPTIONS"), ...steps, ...corsProbes(validation)];
  const keys = all.map((probe) => JSON.stringify([probe.method, probe.path, probe.headers]));
  return all.filter((_, index) => keys.indexOf(keys[index] ?? "") === index);
}

function canStandAlone({ method, path, headers = {}, through }: SmokeStep): boolean {
  return through !== "version" && SAFE.has(method) && placeholdersIn([path, headers]).length === 0;
}

function probeOf({ name, method, path, headers = {}, expect }: SmokeStep): Probe {
  const cors = Object.entries(expect.headers ?? {}).filter(([header]) => CORS_HEADER.test(header));
  return {
    ...{ name, method, path, headers },
    expected: [expect.status].flat(),
    expectedCors: Object.fromEntries(cors.map(([header, value]) => [header.toLowerCase(), value])),
  };
}

function corsProbes({ cors }: EnvironmentConfig["validation"]): Probe[] {
  if (cors === undefined) {
    return [];
  }
  const { path, origin, method, allowOrigin = origin } = cors;
  return [
    {
      ...{ name: `a script of ${origin} may call it`, method, path },
      headers: { Origin: origin, ...(method === "OPTIONS" ? { "Access-Control-Request-Method": "GET" } : {}) },
      expected: method === "OPTIONS" ? [200, 204] : [200],
      expectedCors: { "access-control-allow-origin": allowOrigin },
    },
  ];
}
