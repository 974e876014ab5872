import type { SlipwayConfigInput } from "@slipway/contracts";
import type { DetectedApi, DetectedRoute } from "./detected.ts";
import type { DocumentedOperation } from "./open-api.ts";

export type SmokeInput = SlipwayConfigInput["environments"][string]["smoke"];
type StepInput = SmokeInput["steps"][number];

/** Why a way into the API is not asked. */
export type LeftOut = "input" | "token" | "acts" | "enough";

/** A smoke test as it can be proposed, and what is left out of it. */
interface SmokeProposal {
  readonly smoke: SmokeInput;
  /** Paths whose right status is nowhere to be read. */
  readonly loose: readonly string[];
  readonly leftOut: readonly { readonly path: string; readonly why: LeftOut }[];
}

const HEALTH = /^\/(.*\/)?(health|healthz|healthcheck|health-check|ping|status|alive|ready|livez|readyz)\/?$/i;
/** A path that no record has. */
export const NOBODY = "slipway-nobody-has-this";
/** What a function may rightly answer to who brings nothing. One that crashes, or is too slow, is 502 or 504. */
const NO_FAULT = [200, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 422];
/** What API Gateway answers to who does not show who they are. */
const REFUSED = [401, 403];
/** Names of what does something when it is asked for, although a GET should not. */
const ACTS =
  /(^|\/)(log-?(in|out)|sign-?(in|out|off|up)|callback|oauth2?|authorize|(web-?)?hooks?|unsubscribe|confirm|verify|delete|remove|reset|purge|flush|clear|run|start|stop|trigger|cron|sync|import|export|send)(\/|$)/i;
/** These are asked all the time while two versions are compared. */
const MOST_STEPS = 8;
const READY_WITHIN_SECONDS = 60;

export function isHealth(path: string): boolean {
  return HEALTH.test(path);
}

export function withNobody(path: string): string {
  return path.replace(/\{[\w.:-]+\+?\}/g, NOBODY);
}

/** The route that says by itself whether all is well, and can be asked without anything. */
export function healthRoute(routes: readonly DetectedRoute[]): DetectedRoute | undefined {
  const asked = routes.filter(
    ({ method, path, refuses }) => (method === "GET" || method === "ANY") && !refuses && !path.includes("{"),
  );
  return asked.filter(({ path }) => isHealth(path)).sort((a, b) => a.path.length - b.path.length)[0];
}

/** The route that answers an operation: a path of its own wins over `{proxy+}`, and of these the longest. */
export function routeOf(
  { method, path }: Pick<DocumentedOperation, "method" | "path">,
  routes: readonly DetectedRoute[],
  hasBasePath = false,
): DetectedRoute | undefined {
  const shape = (each: string) => each.replace(/\{[^}+]*\}/g, "{}");
  const exact = routes.filter((each) => shape(each.path) === shape(path));
  const below = routes.filter((each) => /\{[^}]*\+\}$/.test(each.path) && isBelow(path, each.path));
  const longest = Math.max(...below.map((each) => each.path.length));
  const its = exact.length > 0 || hasBasePath ? exact : below.filter((each) => each.path.length === longest);
  return its.find((each) => each.method === method) ?? its.find((each) => each.method === "ANY");
}

function isBelow(path: string, proxy: string): boolean {
  const start = proxy.replace(/\{[^}]*\+\}$/, "");
  return path.startsWith(start) && path.length > start.length;
}

/**
 * A smoke test of what can be asked without knowing anything: health, and each GET that takes nothing. What is right is taken from the
 * OpenAPI document; where there is none, anything is that is no fault of the function.
 */
export function proposeSmoke(api: Pick<DetectedApi, "routes" | "operations"> | undefined): SmokeProposal {
  const { routes = [], operations = [] } = api ?? {};
  const health = healthRoute(routes);
  const asked = gets(routes, operations)
    .filter(({ path }) => path !== health?.path)
    .map((each) => ({ ...each, step: stepFor(each) }));
  const steps = asked.flatMap(({ path, step }) => (typeof step === "string" ? [] : [{ path, ...step }]));
  const leftOut = [
    ...asked.flatMap(({ path, step }) => (typeof step === "string" ? [{ path, why: step }] : [])),
    ...steps.slice(MOST_STEPS).map(({ path }) => ({ path, why: "enough" as const })),
  ];
  const taken = steps.slice(0, MOST_STEPS);
  const first = health === undefined ? [] : [healthStep(health, operations)];
  const chosen = [...first, ...taken.map(({ step }) => step)];
  const last = chosen.length > 0 ? [] : [lastResort(routes)];
  const ready = chosen.find(({ expect }) => expect.status === 200)?.path;
  return {
    smoke: {
      ...(ready && { ready: { path: ready, withinSeconds: READY_WITHIN_SECONDS } }),
      steps: [...chosen, ...last],
    },
    loose: [...taken.filter(({ isLoose }) => isLoose), ...last].map(({ path }) => path),
    leftOut,
  };
}

interface Get {
  readonly path: string;
  readonly route: DetectedRoute;
  readonly operation?: DocumentedOperation;
}

/** Each path without parameters that a GET is for, in the order of the alphabet. */
function gets(routes: readonly DetectedRoute[], operations: readonly DocumentedOperation[]): readonly Get[] {
  const documented = operations.flatMap((operation): Get[] => {
    const { path, method } = operation;
    const route = routeOf(operation, routes);
    return method !== "GET" || path.includes("{") || route === undefined ? [] : [{ path, route, operation }];
  });
  const others = routes.filter(({ path, method }) => method === "GET" && !path.includes("{"));
  const all = [...documented, ...others.map((route): Get => ({ path: route.path, route }))];
  return all
    .filter(({ path }, index) => all.findIndex((each) => each.path === path) === index)
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}

function stepFor({ path, route, operation }: Get): { step: StepInput; isLoose: boolean } | LeftOut {
  if (ACTS.test(path)) {
    return "acts";
  }
  if (route.refuses) {
    const name = `${path} is not for everybody`;
    return {
      step: { name, method: "GET", path, through: "gateway", expect: { status: REFUSED } },
      isLoose: false,
    };
  }
  // Who is refused by the function itself is told so by its document only.
  if (!route.isOpen || operation?.isClosed || operation?.statuses.some((status) => REFUSED.includes(status))) {
    return "token";
  }
  if (route.needsInput || operation?.needsInput) {
    return "input";
  }
  const good = (operation?.statuses ?? []).filter((status) => (status >= 200 && status < 400) || status === 404);
  const isLoose = !good.some((status) => status < 400);
  const [only, ...others] = good;
  const status = isLoose ? NO_FAULT : only !== undefined && others.length === 0 ? only : good;
  return { step: { name: `${path} answers`, method: "GET", path, expect: { status } }, isLoose };
}

function healthStep({ path }: DetectedRoute, operations: readonly DocumentedOperation[]): StepInput {
  const said = operations.find((each) => each.path === path && each.method === "GET")?.statuses ?? [];
  const good = said.filter((status) => status >= 200 && status < 300);
  const status = good.length === 0 || good.includes(200) ? 200 : good;
  return { name: "the API is healthy", method: "GET", path, expect: { status, withinMs: 5_000 } };
}

/** A smoke test has a step at least: where nothing can be asked, it is for what nobody has. */
function lastResort(routes: readonly DetectedRoute[]): StepInput {
  const route = routes.find(
    ({ path, method, refuses }) => (method === "GET" || method === "ANY") && !refuses && !ACTS.test(path),
  );
  const path = withNobody(route?.path ?? "/");
  return { name: `${path} is answered`, method: "GET", path, expect: { status: NO_FAULT } };
}
