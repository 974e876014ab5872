import { type Cause, type KindShares, kindShares, noveltyShares, type OutsideCause } from "./causes.ts";
import { changedThings, wordsOf } from "./changed-things.ts";
import type { EnvironmentChange } from "./environment-change.ts";
import { logEvidence, shareBelief } from "./log-beta.ts";
import { type OnsetFit, onsetFit, versionsSince } from "./onset-fit.ts";
import type { Reading } from "./read-symptoms.ts";

const MINUTE_MS = 60_000;
/** Of what was changed, nothing can have done it; so to say. */
const UNFIT = Math.log(0.00002);

/** What speaks for something, or against it. */
export interface Clue {
  /** Logarithm of how many times as likely it makes it. */
  readonly weight: number;
  /** In words, where it says something. */
  readonly reason?: string;
}

/** What speaks for and against a part of a release. */
export function releaseClues(change: EnvironmentChange, changes: readonly EnvironmentChange[], seen: Reading): Clue[] {
  const fit = onsetFit(change, changes, seen);
  const common = [
    { weight: fit.logLikelihood, reason: timeWords(change, seen) },
    ...takenBack(change, seen),
    noveltyClue(change.part, seen, change),
    requestsClue(false, seen),
  ];
  switch (change.part) {
    case "code": {
      return [
        ...common,
        ...versionWords(change, changes, seen),
        codeScope(change, seen),
        kindClue(kindShares.code, seen),
        growthClue(change, seen),
        placeClue(change, changes, seen),
        { weight: seen.symptoms.signals.some(({ kind }) => kind === "data") ? Math.log(0.3) : 0 },
      ];
    }
    case "infrastructure":
      return [...common, infrastructureScope(change, seen)];
    case "data":
      return [...common, dataScope(change, seen), kindClue(kindShares.data, seen)];
  }
}

/**
 * What speaks for and against a cause that is no release.
 *
 * @param fit how well what was seen fits any such cause: the same for all
 */
export function outsideClues(cause: OutsideCause, fit: OnsetFit, seen: Reading): Clue[] {
  const clues = [
    { weight: seen.failingFunctions.size === 0 && apiAlone(seen.symptoms) ? Math.log(0.05) : 0 },
    { weight: fit.logLikelihood },
    kindClue(kindShares[cause], seen),
    noveltyClue(cause, seen),
    requestsClue(cause === "traffic", seen),
  ];
  switch (cause) {
    case "input":
      return [...clues, callersClue(seen)];
    case "dependency":
      return [...clues, { weight: seen.failingFunctions.size > 1 ? Math.log(1.5) : 0 }];
    case "limit":
      return [
        ...clues,
        { weight: seen.symptoms.signals.some(({ kind }) => kind === "throttling") ? 0 : Math.log(0.3) },
      ];
    case "write":
      return [...clues, dataSignal(seen)];
    case "leak":
      return [...clues, leakClue(seen)];
    default:
      return clues;
  }
}

/** From which moment to when, in words. */
function timeWords({ moments, part }: EnvironmentChange, { symptoms: { onset } }: Reading): string {
  const moment = moments.findLast(({ at }) => at <= onset.at + onset.errorMs) ?? moments[0];
  const share = Math.round((moment?.share ?? 1) * 100);
  const what = part === "code" ? `it got ${share} % of the traffic` : part === "data" ? "it wrote" : "it was applied";
  const delay = (onset.at - (moment?.at ?? onset.at)) / MINUTE_MS;
  const minutes = Math.abs(delay);
  const long = minutes < 90 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
  return minutes < 1
    ? `it began as ${what}`
    : delay < 0
      ? `it began ${long} before ${what}, as far as that was measured`
      : `it began ${long} after ${what}`;
}

/** Calls with it and without it since it began, where there are both; their weight is in the fit. */
function versionWords(change: EnvironmentChange, changes: readonly EnvironmentChange[], { symptoms }: Reading): Clue[] {
  return (change.functions ?? []).flatMap(({ name }): Clue[] => {
    const since = versionsSince(name, change, changes);
    const own = symptoms.versions.filter((each) => each.function === name);
    const [having, lacking] = [
      own.filter((each) => since.has(each.version)),
      own.filter((each) => !since.has(each.version)),
    ];
    const words = [having, lacking].map(shareWords);
    const [first, second] = words;
    return first === undefined || second === undefined
      ? []
      : [{ weight: 0, reason: `of ${name}'s calls ${first} fail with it, and ${second} without it` }];
  });
}

function shareWords(versions: readonly { readonly calls: number; readonly failed: number }[]): string | undefined {
  const calls = versions.reduce((sum, each) => sum + each.calls, 0);
  const failed = versions.reduce((sum, each) => sum + each.failed, 0);
  const percent = (failed / calls) * 100;
  return calls === 0
    ? undefined
    : `${percent >= 10 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)} % (${failed} of ${calls})`;
}

/** What is taken back hurts no more, unless it is data. */
function takenBack({ endedAt, part }: EnvironmentChange, { symptoms }: Reading): Clue[] {
  if (endedAt === undefined || part === "data") {
    return [];
  }
  const { onset, lastSeenAt } = symptoms;
  if (endedAt < onset.at - 2 * onset.errorMs) {
    return [{ weight: -8, reason: "it had been taken back before it began" }];
  }
  const longer = (lastSeenAt - endedAt) / MINUTE_MS;
  return longer > 4
    ? [{ weight: -4, reason: `it was taken back, and ${Math.round(longer)} min later it still fails` }]
    : [{ weight: Math.log(2), reason: "it ended when it was taken back" }];
}

/** What the errors speak of, and how often that cause makes them say so. */
function kindClue(shares: KindShares, { kinds, errors }: Reading): Clue {
  const weight = [...kinds].reduce((sum, [kind, share]) => sum + share * Math.log(shares[kind] ?? 0.01), 0);
  const [first] = errors;
  return first === undefined ? { weight } : { weight, reason: `errors: ${first.id} (${first.count})` };
}

/** Whether the errors were there before; for a release, whether they were there before it. */
function noveltyClue(cause: Cause, { errors, symptoms: { baseline } }: Reading, change?: EnvironmentChange): Clue {
  const all = errors.reduce((sum, { excess }) => sum + excess, 0);
  if (all < 2) {
    return { weight: 0 };
  }
  const own = new Set(change?.functions?.map(({ version }) => version));
  const wasCountedBefore =
    change === undefined || (baseline !== undefined && (change.moments[0]?.at ?? 0) >= baseline.to);
  const known = errors.filter(
    ({ before, versionsBefore = [] }) =>
      (before > 0 && wasCountedBefore) ||
      (change?.part === "code" && versionsBefore.some((version) => !own.has(version))),
  );
  const knownShare = known.reduce((sum, { excess }) => sum + excess, 0) / all;
  const newShare = noveltyShares[cause];
  const weight = (1 - knownShare) * Math.log(newShare) + knownShare * Math.log(1 - newShare);
  const [first] = known;
  return first !== undefined && knownShare > 0.5
    ? { weight, reason: `the error was there before it: ${first.before} times` }
    : { weight };
}

function requestsClue(isTraffic: boolean, { symptoms: { requests } }: Reading): Clue {
  if (requests === undefined || !(requests.usual > 0)) {
    return { weight: 0 };
  }
  const ratio = Math.log(Math.max(0.01, requests.now / requests.usual));
  const usual = 0.97 * normal(ratio, 0.05, 0.3) + 0.03 * 0.2;
  const many = 0.97 * normal(ratio, Math.log(4), 0.7) + 0.03 * 0.2;
  const reason = `${(requests.now / requests.usual).toFixed(1)} times the usual requests`;
  return { weight: Math.log(isTraffic ? many : usual), ...(isTraffic ? { reason } : {}) };
}

/** Whether what fails is what it has changed. */
function codeScope({ functions = [] }: EnvironmentChange, { failingFunctions, things, symptoms }: Reading): Clue {
  const own = new Set(functions.map(({ name }) => name));
  const inside = [...failingFunctions].filter((name) => own.has(name));
  const beside = [...failingFunctions].filter((name) => !own.has(name));
  if (inside.length > 0) {
    return {
      weight: beside.length * Math.log(0.04),
      reason:
        beside.length === 0
          ? `only ${inside.join(" and ")} fails, which it changed`
          : `${beside.join(" and ")} fails too, which it did not change`,
    };
  }
  if (beside.length > 0) {
    return {
      weight: Math.log(0.02),
      reason: `${beside.join(" and ")} fails, and it changed ${[...own].join(" and ")}`,
    };
  }
  // Slow answers, a table that is asked too often: the function itself may fail in nothing.
  return {
    weight: apiAlone(symptoms)
      ? Math.log(0.03)
      : things.has("api") || things.has("table")
        ? Math.log(0.25)
        : Math.log(0.1),
  };
}

/** Whether requests fail, and no function that they would go to does: it is what stands before them. */
function apiAlone({ signals }: Reading["symptoms"]): boolean {
  return (
    signals.some(({ kind, resource }) => kind === "errors" && resource.type === "api") &&
    signals.every(({ resource }) => resource.type === "api")
  );
}

function infrastructureScope({ resources = [] }: EnvironmentChange, seen: Reading): Clue {
  const failing = new Set([...seen.things]);
  const scored = resources.map((resource) => {
    const things = changedThings(resource).filter(({ hurts }) => hurts.some((each) => failing.has(each)));
    // Functions that fail themselves seldom do so for what stands before them.
    const inside = (hurts: readonly string[]) =>
      seen.failingFunctions.size > 0 && !hurts.includes("function") ? Math.log(0.05) : 0;
    const kind = Math.max(UNFIT, ...things.map(({ kinds, hurts }) => kindClue(kinds, seen).weight + inside(hurts)));
    const { action } = resource;
    const harm = action === "destroy" || action === "replace" ? 1.5 : action === "add" ? 0.2 : 1;
    return {
      resource,
      weight: kind + Math.log(harm) + namesFit(resource.address, resource.type.startsWith("aws_lambda_"), seen),
    };
  });
  const best = scored.reduce<(typeof scored)[number] | undefined>(
    (left, right) => (left === undefined || right.weight > left.weight ? right : left),
    undefined,
  );
  if (best === undefined) {
    return { weight: Math.log(0.01), reason: "what it changed is not known" };
  }
  const { address, action } = best.resource;
  const fits = best.weight > Math.log(0.05);
  const reason = fits
    ? `it changed ${address} (${action}), which fits what fails`
    : `nothing of what it changed fits what fails (${resources.length} resources)`;
  // The errors count once, as they do for the other causes.
  return { weight: Math.max(best.weight, UNFIT), reason };
}

/** Whether an address names what fails, or something else. */
function namesFit(address: string, isOfFunction: boolean, { names, failingFunctions, functions }: Reading): number {
  const words = wordsOf(address);
  const has = (name: string) => [...wordsOf(name)].some((word) => words.has(word));
  const failing = new Set([...names.map(({ name }) => name), ...failingFunctions]);
  if ([...failing].some(has)) {
    // Another function that fails is none that it names.
    return isOfFunction ? [...failingFunctions].filter((name) => !has(name)).length * Math.log(0.15) : 0;
  }
  return [...functions].some((name) => !failing.has(name) && has(name)) ? Math.log(0.05) : Math.log(0.5);
}

/** Whether its commits have touched what the errors come from; where no change has, the names tell nothing. */
function placeClue(change: EnvironmentChange, changes: readonly EnvironmentChange[], { errors }: Reading): Clue {
  const placed = errors.filter(({ place }) => place !== undefined);
  const all = placed.reduce((sum, { excess }) => sum + excess, 0);
  const touchedBy = ({ places = [] }: EnvironmentChange) => placed.filter(({ place = "" }) => isNamed(place, places));
  if (change.places === undefined || all < 2 || !changes.some((each) => touchedBy(each).length > 0)) {
    return { weight: 0 };
  }
  const touched = touchedBy(change);
  const share = touched.reduce((sum, { excess }) => sum + excess, 0) / all;
  const [first] = touched;
  // What is called wrongly has not changed itself, now and then.
  const weight = share * Math.log(4) + (1 - share) * Math.log(0.3);
  return first?.place !== undefined && share > 0.5
    ? { weight, reason: `it changed ${first.place}, where the error comes from` }
    : { weight };
}

/** `createItem (index.mjs)` is named by `src/create-item.ts`: a bundle has one file, and its functions the names of theirs. */
function isNamed(place: string, paths: readonly string[]): boolean {
  const bare = (name: string) =>
    (name.split("/").at(-1) ?? name)
      .replace(/\.[a-z]{1,4}$/, "")
      .replace(/[^A-Za-z0-9]/g, "")
      .toLowerCase();
  const files = new Set(paths.map(bare));
  return place
    .split(/[\s()]+/)
    .flatMap((word) => (/\.[a-z]{1,4}$/.test(word) ? [word] : word.split(".")))
    .map(bare)
    .some((word) => word.length > 3 && word !== "index" && files.has(word));
}

function dataScope({ tables = [] }: EnvironmentChange, seen: Reading): Clue {
  const about = seen.symptoms.signals
    .filter(({ kind, resource }) => kind === "data" && resource.type === "table")
    .map(({ resource }) => resource.name);
  const hits = about.filter((name) => tables.includes(name));
  if (hits.length > 0) {
    return { weight: Math.log(2), reason: `it wrote items of ${hits.join(" and ")}, which is not as it should be` };
  }
  return about.length > 0
    ? { weight: Math.log(0.1), reason: `it wrote no item of ${about.join(" and ")}` }
    : { weight: 0, reason: `it wrote items of ${tables.join(" and ")}` };
}

function dataSignal({ symptoms }: Reading): Clue {
  const has = symptoms.signals.some(({ kind }) => kind === "data");
  return has ? { weight: Math.log(2), reason: "items are not what they should be" } : { weight: 0 };
}

/** In what share requests fail: in whatever one; of callers who send what cannot be taken; of all others. */
const [anyhow, mostly, rarely] = [shareBelief(0.8, 2), shareBelief(0.8, 1), shareBelief(0.5, 80)];

/** Whether it is the requests of few callers that fail. */
function callersClue({ symptoms: { callers = [] } }: Reading): Clue {
  const sum = (list: readonly { readonly calls: number; readonly failed: number }[]) =>
    list.reduce((total, { calls, failed }) => ({ calls: total.calls + calls, failed: total.failed + failed }), {
      calls: 0,
      failed: 0,
    });
  const all = sum(callers);
  if (all.failed < 3 || callers.length < 5) {
    return { weight: 0 };
  }
  const ordered = [...callers].sort(
    (left, right) => right.failed / right.calls - left.failed / left.calls || right.failed - left.failed,
  );
  const alike = logEvidence(all.failed, all.calls, anyhow);
  const splits = [1, 2, 3].map((count) => {
    const [few, rest] = [sum(ordered.slice(0, count)), sum(ordered.slice(count))];
    const apart = logEvidence(few.failed, few.calls, mostly) + logEvidence(rest.failed, rest.calls, rarely);
    // Whoever may pick the callers finds some that look bad.
    return { count, few, weight: apart - alike - count * Math.log(callers.length) + logFactorial(count) };
  });
  const best = splits.reduce((left, right) => (right.weight > left.weight ? right : left));
  const weight = Math.min(12, Math.max(-4, best.weight));
  const reason = `${best.few.failed} of ${all.failed} failed requests are of ${best.count} of ${callers.length} callers`;
  return weight > 0 ? { weight, reason } : { weight };
}

/** Whether the memory of what fails grows with this version, and did not with the one before. */
function growthClue(
  change: EnvironmentChange,
  { symptoms: { growth = [] }, kinds, memoryGrows, failingFunctions }: Reading,
): Clue {
  if (!(memoryGrows || (kinds.get("memory") ?? 0) > 0.3)) {
    return { weight: 0 };
  }
  for (const { name, version } of change.functions ?? []) {
    const own = growth.find((each) => each.function === name && each.version === version);
    const [last] = growth
      .filter((each) => each.function === name && Number(each.version) < Number(version))
      .sort((left, right) => Number(right.version) - Number(left.version));
    if (!failingFunctions.has(name) || own === undefined || last === undefined) {
      continue;
    }
    const reason = `its memory grows by ${own.mbPerHour.toFixed(1)} MB an hour, before by ${last.mbPerHour.toFixed(1)}`;
    return grows(own.mbPerHour, last.mbPerHour) ? { weight: Math.log(20), reason } : { weight: Math.log(0.03), reason };
  }
  return { weight: 0 };
}

function grows(now: number, before: number): boolean {
  return now > 2 * Math.max(0.5, before);
}

/** Whether the memory of what fails has grown with all versions that are known. */
function leakClue({ symptoms: { growth = [] }, failingFunctions }: Reading): Clue {
  const byFunction = Map.groupBy(
    growth.filter((each) => failingFunctions.has(each.function)),
    (each) => each.function,
  );
  const known = [...byFunction].filter(([, list]) => list.length > 1);
  const always = known.find(([, list]) => list.every(({ mbPerHour }) => mbPerHour > 1));
  if (always !== undefined) {
    return { weight: Math.log(3), reason: `the memory of all versions of ${always[0]} grows alike` };
  }
  return { weight: known.length === 0 ? Math.log(0.5) : Math.log(0.03) };
}

function normal(value: number, mean: number, deviation: number): number {
  return Math.exp(-(((value - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));
}

function logFactorial(count: number): number {
  return count < 2 ? 0 : Math.log(count) + logFactorial(count - 1);
}
