import {
  type ComparisonWords,
  combineVerdicts,
  compareLatencies,
  compareRates,
  judgeRate,
  type LatencyThreshold,
  type RatePair,
} from "@slipway/analysis";
import type { Verdict, VersionMetric } from "@slipway/contracts";
import type { PairCounts, VersionCounts } from "./version-counts.ts";

/** One function: both of its versions at all looks. */
export interface ComparedFunction {
  /** By its name in the configuration. */
  readonly name: string;
  /** Numbers of the new version and of the old one. */
  readonly candidate: string;
  readonly baseline: string;
  /** Since the canary began, oldest look first; the last is the one that is judged. */
  readonly looks: readonly PairCounts[];
  /** Durations that were counted above; none, where nobody knows how fast the old version is. */
  readonly thresholds: readonly LatencyThreshold[];
  readonly metrics: readonly Pick<VersionMetric, "name" | "words">[];
}

export interface ComparePolicy {
  /** For all functions, metrics and looks together. */
  readonly falseAlarms: number;
  /** How many looks are planned. */
  readonly looks: number;
  /** The share of bad requests that has to be found. */
  readonly mustFind: number;
}

/** How often chance alone may make a difference that is looked at for longer, over all judgements of a look together. */
const SUSPICION = 0.05;
/** With so few a version can be failed: the test itself says when they prove something. */
const MINIMUM_TOTAL = 20;
/** A version that fails so many of its calls does not go on, whatever the other one does: what broke both may have come with it. */
const MOST_FAILED = 0.5;

/**
 * Judges all new versions against the old ones at the same time: calls that fail, durations, errors in the logs, and what the
 * application counts itself. Each of them has an equal part of the false alarms.
 */
export function compareVersions(functions: readonly ComparedFunction[], policy: ComparePolicy): Verdict {
  const judgements = functions.flatMap((each) => judgementsOf(each, functions.length > 1));
  const part = Math.max(1, judgements.length);
  const each = {
    falseAlarms: policy.falseAlarms / part,
    looks: policy.looks,
    mustFind: policy.mustFind,
    suspicion: SUSPICION / part,
  };
  return combineVerdicts(Object.fromEntries(judgements.map(({ name, judge }) => [name, judge(each)])));
}

/** Of one judgement. */
interface PartPolicy extends ComparePolicy {
  readonly suspicion: number;
}

interface Judgement {
  readonly name: string;
  judge(policy: PartPolicy): Verdict;
}

function judgementsOf(compared: ComparedFunction, isOneOfSeveral: boolean): Judgement[] {
  const { name, looks, thresholds, metrics } = compared;
  const named = (what: string) => (isOneOfSeveral ? `${camelCase(name)}${capital(what)}` : what);
  const sides = {
    candidate: `version ${compared.candidate}${isOneOfSeveral ? ` of ${name}` : ""}`,
    baseline: `version ${compared.baseline}`,
  };
  const rates = (of: (counts: VersionCounts) => RatePair["candidate"]) =>
    looks.map(({ candidate, baseline }) => ({ candidate: of(candidate), baseline: of(baseline) }));
  return [
    {
      name: named("errors"),
      judge: (policy) =>
        judgeFailures(
          rates(({ calls }) => calls),
          { ...sides, units: "calls", events: "failed" },
          policy,
        ),
    },
    {
      name: named("latency"),
      judge: (policy) => {
        const pairs = looks.map(({ candidate, baseline }) => ({
          candidate: candidate.latency,
          baseline: baseline.latency,
        }));
        const [now, earlier] = [pairs.at(-1), pairs.slice(0, -1)];
        return now === undefined
          ? nothingSeen()
          : compareLatencies(
              { thresholds, ...now, earlier },
              { ...policy, minimumTotal: MINIMUM_TOTAL, words: { ...sides, units: "calls" } },
            );
      },
    },
    {
      name: named("logs"),
      judge: (policy) =>
        compare(
          rates(({ logged }) => logged),
          { ...sides, units: "calls", events: "logged an error" },
          policy,
        ),
    },
    ...metrics.map(
      (metric): Judgement => ({
        name: named(metric.name),
        judge: (policy) => {
          const own = rates((counts) => counts.own[metric.name] ?? { events: 0, total: 0 });
          return unmeasured(metric.name, own, compared) ?? judgeFailures(own, { ...sides, ...metric.words }, policy);
        },
      }),
    ),
  ];
}

type Words = Partial<ComparisonWords>;

function compare(looks: readonly RatePair[], words: Words, policy: PartPolicy): Verdict {
  const [now, earlier] = [looks.at(-1), looks.slice(0, -1)];
  return now === undefined
    ? nothingSeen()
    : compareRates({ ...now, earlier }, { ...policy, minimumTotal: MINIMUM_TOTAL, words });
}

/** As worse than the other version, or as bad by itself. */
function judgeFailures(looks: readonly RatePair[], words: Words, policy: PartPolicy): Verdict {
  const compared = compare(looks, words, policy);
  const now = looks.at(-1);
  if (compared.status === "failed" || compared.status === "error" || now === undefined) {
    return compared;
  }
  const alone = judgeRate(now.candidate, {
    falseAlarms: policy.falseAlarms,
    looks: policy.looks,
    limit: MOST_FAILED,
    words: { units: `${words.units ?? "calls"} on ${words.candidate}`, events: words.events ?? "failed" },
  });
  if (alone.status !== "failed") {
    return compared;
  }
  const both = `${words.baseline} is no better: put back or not, look at what both need (table, role, network)`;
  return { ...alone, reason: `${alone.reason.replace(/\.$/, "")}; ${both}.` };
}

/** Lambda has counted calls, and the application has not: that is no good sign, and no bad one, but no measurement. */
function unmeasured(name: string, looks: readonly RatePair[], { looks: all, ...of }: ComparedFunction) {
  const [own, counts] = [looks.at(-1), all.at(-1)];
  for (const side of ["candidate", "baseline"] as const) {
    const calls = counts?.[side].calls.total ?? 0;
    if (calls >= MINIMUM_TOTAL && own?.[side].total === 0) {
      return {
        status: "error",
        reason: `Version ${of[side]} of ${of.name} had ${calls} calls, and no ${name} in its own metrics: see release.canary.metrics in slipway.config.ts, and whether the version measures itself.`,
        numbers: { [`${side}Calls`]: calls, [`${side}Total`]: 0 },
      } satisfies Verdict;
    }
  }
  return undefined;
}

function nothingSeen(): Verdict {
  return { status: "inconclusive", reason: "Nothing was counted.", numbers: {} };
}

/** `api-handler` becomes `apiHandler`. */
function camelCase(name: string): string {
  return name.replace(/-+(.)?/g, (_, next: string | undefined) => (next ?? "").toUpperCase());
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
