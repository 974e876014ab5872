import type { ChangedResource, EnvironmentChange } from "../environment-change.ts";
import type { Random } from "./random.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A function of an environment that is made up. */
export interface WorldFunction {
  readonly name: string;
  /** Its part of the requests. */
  readonly part: number;
  readonly isBehindApi: boolean;
  readonly tables: readonly string[];
  readonly callsPayments: boolean;
}

/** A release as it really was. */
export interface WorldRelease {
  readonly id: string;
  readonly infrastructure?: { readonly at: number; readonly resources: readonly ChangedResource[] };
  readonly code?: {
    readonly moments: readonly { readonly at: number; readonly share: number }[];
    readonly functions: readonly { readonly name: string; readonly version: number }[];
    /** Files that its commits have changed. */
    readonly files: readonly string[];
    readonly isRollback?: boolean;
    readonly endedAt?: number;
  };
  readonly data?: { readonly at: number; readonly tables: readonly string[] };
}

/** An environment with its traffic and what was released to it. */
export interface World {
  readonly functions: readonly WorldFunction[];
  readonly releases: readonly WorldRelease[];
  /** Requests a minute. */
  rate(at: number): number;
  readonly busiest: number;
  readonly from: number;
  readonly to: number;
}

const allFunctions: readonly WorldFunction[] = [
  { name: "items-prod", part: 0.6, isBehindApi: true, tables: ["items-prod"], callsPayments: false },
  { name: "orders-prod", part: 0.3, isBehindApi: true, tables: ["orders-prod", "items-prod"], callsPayments: true },
  { name: "mailer-prod", part: 0.1, isBehindApi: false, tables: ["orders-prod"], callsPayments: true },
];

/** Four days of an environment; with rollbacks, some of its releases are taken back, by others that go to what ran before. */
export function makeWorld(random: Random, { withRollbacks = false } = {}): World {
  const functions = allFunctions.slice(0, random.whole(1, 3));
  const from = Date.parse("2026-03-02T00:00:00Z");
  const to = from + 96 * HOUR;
  const base = Math.exp(random.between(Math.log(20), Math.log(1_500)));
  const night = random.between(0.03, 0.4);
  const peakHour = random.between(0, 24);
  const rate = (at: number) => {
    const hour = (at / HOUR) % 24;
    const day = (1 + Math.cos(((hour - peakHour) / 24) * 2 * Math.PI)) / 2;
    return base * (night + (1 - night) * day ** 1.5);
  };
  const made = makeReleases(functions, from, to, random);
  const releases = withRollbacks ? rolledBack(made, to, random) : made;
  return { functions, releases, rate, busiest: base, from, to };
}

/** Some releases of code are put back, and some are gone back from by a release of its own; the next one comes later. */
function rolledBack(releases: readonly WorldRelease[], to: number, random: Random): WorldRelease[] {
  return releases.flatMap((release, index): WorldRelease[] => {
    const { id, code } = release;
    const live = code?.moments.at(-1)?.at;
    const next = releases[index + 1];
    const before =
      next === undefined ? to : (next.infrastructure?.at ?? next.code?.moments[0]?.at ?? next.data?.at ?? to);
    // As soon as it is seen to be bad, or when somebody thinks better of it.
    const at = (live ?? 0) + random.between(3, random.one([20, 90, 600])) * MINUTE;
    if (code === undefined || live === undefined || at + 4 * MINUTE > before || !random.chance(0.35)) {
      return [release];
    }
    const back = { ...release, code: { ...code, endedAt: at } };
    if (random.chance(0.3)) {
      return [back];
    }
    const functions = code.functions.map(({ name }) => ({
      name,
      version: versionsAt({ releases: releases.slice(0, index) }, name, at).at(-1)?.version ?? 1,
    }));
    // What no release of the history has published has run before it.
    const known = functions.map((each) => {
      const own = code.functions.find(({ name }) => name === each.name)?.version ?? 2;
      return { ...each, version: Math.min(each.version, own - 1) };
    });
    const moments = random.chance(0.8)
      ? [{ at, share: 1 }]
      : [
          { at, share: 0.5 },
          { at: at + random.between(0.5, 3) * MINUTE, share: 1 },
        ];
    return [back, { id: `${id}-back`, code: { moments, functions: known, files: code.files, isRollback: true } }];
  });
}

function makeReleases(functions: readonly WorldFunction[], from: number, to: number, random: Random): WorldRelease[] {
  const starts: number[] = [];
  for (let at = from + random.between(0.2, 20) * HOUR; at < to; at += random.between(1, random.one([16, 40])) * HOUR) {
    starts.push(at);
    // One comes seldom alone: what was forgotten follows.
    for (let follows = at; random.chance(0.35) && starts.length < 30; ) {
      follows += random.between(6, 60) * MINUTE;
      starts.push(follows);
      at = follows;
    }
  }
  const versions = new Map(functions.map(({ name }) => [name, random.whole(3, 60)]));
  const releases: WorldRelease[] = [];
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    releases.push(makeRelease(`r${index + 10}`, start, Math.min(next, to), { functions, versions, random }));
  }
  return releases;
}

interface Making {
  readonly functions: readonly WorldFunction[];
  readonly versions: Map<string, number>;
  readonly random: Random;
}

function makeRelease(id: string, start: number, before: number, { functions, versions, random }: Making): WorldRelease {
  const kind = random.next();
  const applied = start + random.between(0.5, 3) * MINUTE;
  const resources = () => randomResources(functions, random);
  if (kind < 0.15) {
    return { id, infrastructure: { at: applied, resources: resources() } };
  }
  if (kind < 0.25) {
    return { id, data: { at: applied, tables: [random.one(functions.flatMap(({ tables }) => tables))] } };
  }
  const chosen = random.chance(0.5) ? functions : [random.one(functions)];
  const released = chosen.map(({ name }) => {
    const version = (versions.get(name) ?? 1) + 1;
    versions.set(name, version);
    return { name, version };
  });
  const shifted = applied + random.between(0.5, 2) * MINUTE;
  // Who releases again soon does not hold long.
  const room = Math.max(0.5, (before - shifted) / MINUTE - 0.5);
  const hold = Math.min(random.between(3, 15), room / 2.5);
  const moments = random.chance(0.6)
    ? [
        { at: shifted, share: 0.1 },
        ...(random.chance(0.5) ? [{ at: shifted + hold * MINUTE, share: 0.5 }] : []),
        { at: shifted + 2 * hold * MINUTE, share: 1 },
      ]
    : [{ at: shifted, share: 1 }];
  const isMixed = random.chance(0.3);
  return {
    id,
    code: { moments, functions: released, files: filesOf(random) },
    ...(isMixed ? { infrastructure: { at: applied, resources: resources() } } : {}),
  };
}

/** The sources of all functions. */
export const files: readonly string[] = Array.from({ length: 40 }, (_, index) => `src/part-${index}.ts`);

/** Most commits touch little, and some go through all. */
function filesOf(random: Random): string[] {
  return files.filter(() => random.chance(random.one([0.05, 0.1, 0.3])));
}

const everyday: readonly (readonly [type: string, attributes: readonly string[]])[] = [
  ["aws_cloudwatch_log_group", ["retention_in_days"]],
  ["aws_cloudwatch_dashboard", ["dashboard_body"]],
  ["aws_cloudwatch_metric_alarm", ["threshold"]],
  ["aws_lambda_function", ["tags", "tags_all"]],
  ["aws_lambda_function", ["memory_size"]],
  ["aws_lambda_function", ["environment"]],
  ["aws_iam_role_policy", ["policy"]],
  ["aws_dynamodb_table", ["tags"]],
  ["aws_dynamodb_table", ["global_secondary_index"]],
  ["aws_api_gateway_stage", ["variables"]],
  ["aws_sns_topic_policy", ["policy"]],
  ["aws_s3_bucket_lifecycle_configuration", ["rule"]],
];

function randomResources(functions: readonly WorldFunction[], random: Random): ChangedResource[] {
  return Array.from({ length: random.whole(1, 6) }, () => {
    const [type, attributes] = random.one(everyday);
    const { name } = random.one(functions);
    return { address: addressOf(type, name), type, action: random.chance(0.8) ? "change" : "add", attributes };
  });
}

/** Where the root module has a resource. */
export function addressOf(type: string, name: string): string {
  return `module.${name.replace(/-prod$/, "")}.${type}.this`;
}

/** What the ledger says of the releases. */
export function changesOf({ releases }: World): EnvironmentChange[] {
  return releases.flatMap(({ id: release, infrastructure, code, data }): EnvironmentChange[] => [
    ...(infrastructure === undefined
      ? []
      : [
          {
            release,
            part: "infrastructure" as const,
            moments: [{ at: infrastructure.at, share: 1 }],
            resources: infrastructure.resources,
          },
        ]),
    ...(code === undefined
      ? []
      : [
          {
            release,
            part: "code" as const,
            moments: code.moments,
            places: code.files,
            functions: code.functions.map(({ name, version }) => ({ name, version: String(version) })),
            ...(code.endedAt === undefined ? {} : { endedAt: code.endedAt }),
            ...(code.isRollback === true ? { isRollback: true } : {}),
          },
        ]),
    ...(data === undefined
      ? []
      : [{ release, part: "data" as const, moments: [{ at: data.at, share: 1 }], tables: data.tables }]),
  ]);
}

/** Which versions of a function have which share of its calls. */
export function versionsAt(
  { releases }: Pick<World, "releases">,
  name: string,
  at: number,
): { version: number; share: number }[] {
  let current: { version: number; share: number }[] | undefined;
  for (const { code } of releases) {
    const own = code?.functions.find((each) => each.name === name);
    if (own !== undefined) {
      // What ran before the first one.
      current ??= [{ version: own.version - 1, share: 1 }];
    }
    const begins = code?.moments[0];
    if (code === undefined || own === undefined || begins === undefined || begins.at > at) {
      continue;
    }
    if (code.endedAt !== undefined && code.endedAt <= at) {
      continue;
    }
    const { share } = code.moments.findLast((moment) => moment.at <= at) ?? begins;
    const before = current?.at(-1)?.version ?? 1;
    current =
      share >= 1
        ? [{ version: own.version, share: 1 }]
        : [
            { version: before, share: 1 - share },
            { version: own.version, share },
          ];
  }
  return current ?? [{ version: 1, share: 1 }];
}
