import { acceptFindings, judgeResources, type TimeWindow } from "@slipway/analysis";
import type {
  EnvironmentConfig,
  InfrastructurePolicy,
  MeasuredValue,
  SignOff,
  ValidationMeasurements,
  ValidationWindow,
} from "@slipway/contracts";
import { analyzeCosts } from "../analyze-costs.ts";
import type { ChosenPrices } from "../choose-prices.ts";
import type { MonitoredResources } from "../monitoring/monitored-resources.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeployedFunctions } from "../ports/deployed-functions.ts";
import type { HttpClient } from "../ports/http-client.ts";
import type { LogsReader } from "../ports/logs.ts";
import type { MetricsReader } from "../ports/metrics.ts";
import type { Progress } from "../ports/progress.ts";
import type { TerraformState } from "../ports/terraform-states.ts";
import type { UsageReader } from "../ports/usage-reader.ts";
import { runPhase } from "../run-phase.ts";
import { runSmokeTests } from "../run-smoke-tests.ts";
import { attempt } from "./attempt.ts";
import { findLoggedRequest } from "./find-logged-request.ts";
import { type AlarmPorts, measureAlarms } from "./measure-alarms.ts";
import { measureErrorLines, measureLogActivity, measureTimeouts } from "./measure-logs.ts";
import { measureMetrics } from "./measure-metrics.ts";
import { baselineOf, periodOf } from "./period-of.ts";
import { probesOf } from "./probes-of.ts";
import { sendProbes } from "./send-probes.ts";
import { WINDOWS } from "./windows.ts";

const DAY_MS = 86_400_000;
/** A month is not reckoned from less: CloudWatch's hours would be most of it. */
const LEAST_COST_DAYS = 1 / 24;

/** With what a deployment is measured. */
export interface ValidationPorts extends AlarmPorts {
  readonly functions: DeployedFunctions;
  readonly metrics: MetricsReader;
  readonly logs: LogsReader;
  readonly usage: UsageReader;
  readonly http: HttpClient;
  /** The target's clock. */
  readonly clock: Clock;
  readonly progress: Progress;
}

/** What is measured. */
export interface ValidationSubject {
  readonly environment: string;
  readonly window: ValidationWindow;
  readonly state: TerraformState;
  readonly resources: MonitoredResources;
  readonly config: Pick<EnvironmentConfig, "smoke" | "validation" | "protected">;
  readonly infrastructurePolicy: InfrastructurePolicy | undefined;
  /** The environment's root module, as findings are accepted for it: `environments/prod`. */
  readonly root: string;
  readonly region: string;
  /** What costs are reckoned with; a Region may have none, and then only the costs are unknown. */
  readonly prices: () => Promise<ChosenPrices>;
  readonly costLabel: "observed on AWS" | "rehearsed on local AWS" | "observed on another AWS";
  /** URL of the API's stage; undefined where no output has it. */
  readonly apiUrl: string | undefined;
  /** When the release was made, where that is better known than from the functions' versions. */
  readonly releasedAt?: number;
  /** Who says so: the flag, unless given. */
  readonly releasedFrom?: string;
  /** Whether the smoke scenario is run. */
  readonly smoke: boolean;
  /** Given now, unless it says when. */
  readonly signOff?: Omit<SignOff, "at"> & Partial<SignOff>;
  readonly signal?: AbortSignal;
}

/**
 * Measures a deployment: first what users have seen, then what the validation's own requests see, and alarms last, since exercising
 * moves them. Nothing is judged here. What cannot be measured is told as such.
 *
 * @throws {ReleaseError} `interrupted` when asked to stop; the smoke test's cleanup has run then
 */
export async function measureValidation(
  ports: ValidationPorts,
  subject: ValidationSubject,
): Promise<ValidationMeasurements> {
  const { environment, window, resources, signal } = subject;
  const { lengthMs } = WINDOWS[window];
  const now = ports.clock.now();
  const functions = await attempt(() => readFunctions(ports.functions, resources, signal), signal);
  const released = releaseOf(subject, functions);
  const releasedAt = "value" in released ? Date.parse(released.value.at) : undefined;
  const period = periodOf(now, lengthMs, releasedAt);
  const baseline = baselineOf(lengthMs, releasedAt);
  const isExtended = window === "extended";

  const seen = await inPhase(ports, environment, "measure", `read metrics and logs of ${environment}`, async () => {
    const value = await measureSeen(ports, subject, period, baseline);
    return { value, summary: summaryOf(value.metrics) };
  });
  const cost = isExtended ? await attempt(() => measureCost(ports, subject, now, period), signal) : null;
  const asked = await inPhase(ports, environment, "ask", `ask the API of ${environment}`, async () => {
    const value = await askApi(ports, subject);
    return { value, summary: value.summary };
  });
  const alarms = isExtended
    ? await inPhase(
        ports,
        environment,
        "alarms",
        `${ports.exerciser === undefined ? "look at" : "exercise"} the alarms of ${environment}`,
        async () => {
          const value = await attempt(() => measureAlarms(ports, resources.alarms, now, signal), signal);
          return { value, summary: "value" in value ? `${value.value.length} alarms` : value.unknown };
        },
      )
    : null;
  const at = new Date(now).toISOString();
  return {
    ...{ version: 1, environment, window, at, windowMs: lengthMs, released, functions },
    period: period === undefined ? null : isoPeriod(period),
    baseline: baseline === undefined ? null : isoPeriod(baseline),
    ...seen,
    ...{ probes: asked.probes, logged: asked.logged, smoke: asked.smoke },
    ...{ alarms, cost },
    security: isExtended ? judgeState(subject, at) : null,
    signOff: subject.signOff === undefined ? null : { at, ...subject.signOff },
  };
}

async function inPhase<T>(
  ports: ValidationPorts,
  environment: string,
  phase: string,
  title: string,
  action: () => Promise<{ value: T; summary: string }>,
): Promise<T> {
  return (await runPhase(ports, { phase: `${environment}.${phase}`, title }, action)).value;
}

function readFunctions(
  functions: DeployedFunctions,
  resources: MonitoredResources,
  signal: AbortSignal | undefined,
): Promise<Extract<ValidationMeasurements["functions"], { value: unknown }>["value"]> {
  return Promise.all(
    resources.functions.map(async ({ name, aliases: [alias] }) => {
      const { publishedAt, reason, ...facts } = await functions.read(name, alias, signal);
      return {
        ...{ name, alias: alias ?? null, ...facts },
        publishedAt: new Date(publishedAt).toISOString(),
        ...(reason === undefined ? {} : { reason }),
      };
    }),
  );
}

/** Unless somebody says otherwise, what runs was released when the newest version among those with traffic was published. */
function releaseOf(
  { releasedAt, releasedFrom = "--released-at" }: ValidationSubject,
  functions: ValidationMeasurements["functions"],
): ValidationMeasurements["released"] {
  if (releasedAt !== undefined) {
    return { value: { at: new Date(releasedAt).toISOString(), from: releasedFrom } };
  }
  if (!("value" in functions)) {
    return functions;
  }
  const newest = functions.value.toSorted((left, right) => (left.publishedAt < right.publishedAt ? 1 : -1))[0];
  return newest === undefined
    ? {
        unknown: "the environment has no function whose version would say when it was released",
        next: "say when: --released-at TIME",
      }
    : { value: { at: newest.publishedAt, from: `version ${newest.version} of ${newest.name}` } };
}

type Seen = Pick<ValidationMeasurements, "metrics" | "errorLines" | "timeouts" | "logActivity">;

async function measureSeen(
  { metrics: reader, logs }: ValidationPorts,
  { resources, config, window, signal }: ValidationSubject,
  period: TimeWindow | undefined,
  baseline: TimeWindow | undefined,
): Promise<Seen> {
  if (period === undefined) {
    const tooFresh = {
      unknown: "the release is so fresh that no whole minute has passed since",
      next: "wait a minute, then validate again",
    };
    return { metrics: tooFresh, errorLines: tooFresh, timeouts: tooFresh, logActivity: tooFresh };
  }
  const { validation } = config;
  const { functions } = resources;
  const byHour = window === "extended";
  const metrics = await attempt(
    () => measureMetrics(reader, { resources, period, baseline, config: validation, byHour, signal }),
    signal,
  );
  const counted = "value" in metrics ? metrics.value : undefined;
  const { errorFilter } = validation.logs;
  const [errorLines, timeouts] = await Promise.all([
    attempt(() => measureErrorLines(logs, functions, errorFilter, { period, baseline }, counted, signal), signal),
    attempt(() => measureTimeouts(logs, functions, period, signal), signal),
  ]);
  const logActivity = await attempt(() => measureLogActivity(logs, resources, counted, period, signal), signal);
  return { metrics, errorLines, timeouts, logActivity };
}

async function askApi(
  { http, clock, logs }: ValidationPorts,
  { apiUrl, config, resources, smoke: withSmoke, signal }: ValidationSubject,
): Promise<Pick<ValidationMeasurements, "probes" | "logged" | "smoke"> & { readonly summary: string }> {
  if (apiUrl === undefined) {
    const unknown = {
      unknown: "the URL of the API is in no output of the state",
      next: "compare api.urlOutput in slipway.config.ts with the outputs of the environment",
    };
    return { probes: unknown, logged: unknown, smoke: withSmoke ? unknown : null, summary: "no URL" };
  }
  const sentAt = clock.now();
  const probes = await sendProbes({ http, clock }, apiUrl, probesOf(config), signal);
  const withinMs = config.validation.logs.withinSeconds * 1_000;
  const smoke = withSmoke ? { value: await runSmokeTests({ http, clock }, apiUrl, config.smoke, { signal }) } : null;
  const logged = await attempt(
    () => findLoggedRequest({ logs, clock }, { probes, resources, sentAt, withinMs, signal }),
    signal,
  );
  const summary = `${probes.length} requests${smoke === null ? "" : `, smoke test ${smoke.value.passed ? "passed" : "FAILED"}`}`;
  return { probes: { value: probes }, logged, smoke, summary };
}

async function measureCost(
  { usage }: ValidationPorts,
  { environment, state, region, prices, costLabel, signal }: ValidationSubject,
  now: number,
  period: TimeWindow | undefined,
): Promise<Extract<NonNullable<ValidationMeasurements["cost"]>, { value: unknown }>["value"]> {
  const days = Math.max(LEAST_COST_DAYS, (now - (period?.from ?? now)) / DAY_MS);
  const source = { name: environment, location: environment, read: async () => state };
  const report = await analyzeCosts(
    { state: source, usage },
    { ...{ label: costLabel, environment, region, days, now, prices: await prices(), freeTier: false }, signal },
  );
  return {
    usdPerMonth: report.totalUsdPerMonth,
    days: Math.round(days * 100) / 100,
    unknownLines: report.unknownLines,
    gaps: [...report.gaps],
  };
}

/** The policy that plans are held against, on what is deployed. */
function judgeState(
  { state, config, infrastructurePolicy, root }: ValidationSubject,
  at: string,
): NonNullable<ValidationMeasurements["security"]> {
  const { requiredTags, accepted, next } = infrastructurePolicy ?? { requiredTags: [], accepted: [], next: {} };
  const found = judgeResources(state.resources, { isProtected: config.protected, requiredTags });
  const judged = acceptFindings(
    found.map((each) => ({ ...each, root })),
    // Acceptances are for all roots, of which this is one.
    { accepted, today: at.slice(0, 10), isComplete: false },
  );
  return {
    resources: state.resources.length,
    findings: judged.map((each) => ({ ...each, next: next[each.id] ?? each.next })),
  };
}

function summaryOf(metrics: MeasuredValue<{ readonly stages: readonly { readonly requests: number }[] }>): string {
  if (!("value" in metrics)) {
    return metrics.unknown;
  }
  const requests = metrics.value.stages.reduce((sum, each) => sum + each.requests, 0);
  return `${requests.toLocaleString("en-US")} requests`;
}

function isoPeriod({ from, to }: TimeWindow): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
