import type { Random } from "./random.ts";
import { addressOf, files, HOUR, MINUTE, type World, type WorldFunction, type WorldRelease } from "./world.ts";

/** Something that goes wrong in a world, as it really is: nothing of it is known to who looks for it. */
export interface Fault {
  readonly name: string;
  /** The release that is to blame; undefined where none is. */
  readonly guilty?: string;
  readonly since: number;
  /** How large a share of a version's calls it spoils. */
  share(where: {
    readonly at: number;
    readonly of: WorldFunction;
    readonly version: number;
    readonly load: number;
  }): number;
  /** What is logged of a spoiled call. */
  readonly logs?: readonly (readonly [errorClass: string, message: string])[];
  /** Where the errors of the logs come from, for those that have a stack. */
  readonly place?: string;
  /** How many times as many requests there are. */
  readonly crowd?: (at: number) => number;
  /** Callers whose requests are spoiled, of so many; all, where it is left out. */
  readonly callers?: number;
  /** Spoiled requests never get to a function. */
  readonly isBeforeFunctions?: boolean;
  /** Whether what is logged was logged in the days before, too. */
  readonly wasThereBefore?: boolean;
  /** What a look at the resources finds besides. */
  readonly finds?: readonly {
    readonly kind: "data" | "throttling" | "resources" | "latency";
    readonly type: "table" | "function";
    readonly name: string;
  }[];
  /** How fast memory grows in versions from this one on, and before. */
  readonly growth?: { readonly of: string; readonly from: number; readonly mbPerHour: number; readonly before: number };
}

const blunders = [
  ["TypeError", "Cannot read properties of undefined (reading 'id')"],
  ["ReferenceError", "price is not defined"],
  ["RangeError", "Maximum call stack size exceeded"],
  ["Error", "unexpected status of an order"],
  ["AssertionError", "expected a total above 0"],
] as const;
const badData = [
  ["SyntaxError", "Unexpected token } in JSON at position 17"],
  ["ZodError", "expected string, received undefined at name"],
  ["TypeError", "Cannot read properties of null (reading 'trim')"],
  ["ValidationException", "The provided key element does not match the schema"],
] as const;
const away = [
  ["TimeoutError", "connection timed out after 2000 ms"],
  ["Error", "connect ECONNREFUSED"],
  ["FetchError", "fetch failed: socket hang up"],
  ["ServiceUnavailable", "service unavailable"],
] as const;
const denied = [["AccessDeniedException", "not authorized to perform: dynamodb:Query"]] as const;
const throttled = [["ProvisionedThroughputExceededException", "the rate of requests is too high"]] as const;
const overrun = [["Sandbox.Timedout", "Task timed out after 10.00 seconds"]] as const;
const memory = [["Runtime.OutOfMemory", "the function used more memory than it has"]] as const;
const missing = [["ResourceNotFoundException", "requested resource not found"]] as const;

/** A fault of a release of the world, or undefined where no release can have it. */
export function faultOfRelease(world: World, random: Random): { fault: Fault; world: World } | undefined {
  const recent = world.releases.filter(
    (each) => startOf(each) > world.from + 20 * HOUR && startOf(each) < world.to - 10 * HOUR,
  );
  if (recent.length === 0) {
    return undefined;
  }
  const release = random.one(recent);
  const { code, infrastructure, data } = release;
  if (data !== undefined) {
    return { world, fault: brokenItems(world, random, data, release.id) };
  }
  if (infrastructure !== undefined && (code === undefined || random.chance(0.4))) {
    return faultOfInfrastructure(world, release, infrastructure.at, random);
  }
  if (code === undefined) {
    return undefined;
  }
  return {
    world,
    fault: code.isRollback === true ? faultOfRollback(random, release.id, code) : faultOfCode(random, release.id, code),
  };
}

/** What ran before is not good any more: it cannot take what was written since, needs what is gone, or has a fault that was mended. */
function faultOfRollback(random: Random, guilty: string, { moments, functions }: Code): Fault {
  const spoiled = random.chance(0.7) ? [random.one(functions)] : functions;
  const since = moments[0]?.at ?? 0;
  const share = Math.exp(random.between(Math.log(0.03), 0));
  const logs = random.one([[random.one(badData)], [random.one(blunders)], missing, denied]);
  return {
    ...{ guilty, since, name: "went back", logs, place: random.one(files) },
    share: ({ of, version, at }) =>
      at >= since && spoiled.some((each) => each.name === of.name && each.version === version) ? share : 0,
  };
}

/** A fault of going back, or undefined where nobody has gone back. */
export function faultOfAnyRollback(world: World, random: Random): { fault: Fault; world: World } | undefined {
  const chosen = recentCode(world, random, ({ isRollback }) => isRollback === true);
  return chosen && { world, fault: faultOfRollback(random, chosen.id, chosen.code) };
}

/** A fault of a release that was taken back; whoever notices it has to do so before. */
export function faultOfTakenBack(world: World, random: Random): { fault: Fault; world: World } | undefined {
  const chosen = recentCode(world, random, ({ endedAt }) => endedAt !== undefined);
  return chosen && { world, fault: faultOfCode(random, chosen.id, chosen.code) };
}

type Code = NonNullable<WorldRelease["code"]>;

function recentCode({ releases, from, to }: World, random: Random, isMeant: (code: Code) => boolean) {
  const chosen = releases.flatMap(({ id, code }) => {
    const at = code?.moments[0]?.at ?? 0;
    return code !== undefined && isMeant(code) && at > from + 20 * HOUR && at < to - 10 * HOUR ? [{ id, code }] : [];
  });
  return chosen.length === 0 ? undefined : random.one(chosen);
}

function faultOfCode(random: Random, guilty: string, code: Code): Fault {
  const spoiled = random.chance(0.7) ? [random.one(code.functions)] : code.functions;
  const since = code.moments[0]?.at ?? 0;
  // What was taken back comes back mended.
  const isIn = ({ of, version }: { of: WorldFunction; version: number }) =>
    spoiled.some(
      ({ name, version: first }) =>
        name === of.name && (code.endedAt === undefined ? version >= first : version === first),
    );
  const share = Math.exp(random.between(Math.log(0.03), 0));
  // Most errors come from what was changed, some from what was there and is called otherwise.
  const place = random.one(random.chance(0.8) && code.files.length > 0 ? code.files : files);
  const common = { guilty, since, place };
  switch (random.whole(0, 12)) {
    case 0: {
      // Works until the memory is full.
      const hours = random.between(1, 20);
      const [first] = spoiled;
      const grown = (at: number) => Math.max(0, (at - since) / HOUR / hours - 1);
      return {
        ...{ ...common, name: "leak", logs: memory },
        share: (where) => (isIn(where) ? Math.min(0.4, grown(where.at)) : 0),
        finds: [{ kind: "resources", type: "function", name: first?.name ?? "" }],
        growth: { of: first?.name ?? "", from: first?.version ?? 0, mbPerHour: 100 / hours, before: 0 },
      };
    }
    case 1: {
      // Only what few ask for, or a job of the night.
      const first = since + (random.chance(0.5) ? random.between(0, 9) * HOUR : 0);
      const few = Math.exp(random.between(Math.log(0.02), Math.log(0.15)));
      const logs = [random.one(blunders)];
      return {
        ...common,
        name: "seldom",
        logs,
        share: (where) => (isIn(where) && where.at >= first ? few : 0),
      };
    }
    case 2: {
      // Shows when there is much to do.
      const load = random.between(0.3, 0.8);
      const logs = random.one([overrun, throttled, [random.one(blunders)]]);
      return { ...common, name: "busy hours", logs, share: (where) => (isIn(where) && where.load > load ? share : 0) };
    }
    case 3:
    case 4: {
      // Slow, and some of it too slow.
      const finds = spoiled.map(({ name }) => ({ kind: "latency" as const, type: "function" as const, name }));
      return {
        ...common,
        name: "slow",
        finds,
        logs: random.chance(0.6) ? overrun : [],
        share: (where) => (isIn(where) ? share : 0),
      };
    }
    case 5:
      return {
        ...common,
        name: "needs what is not there",
        logs: random.one([missing, denied]),
        share: (where) => (isIn(where) ? share : 0),
      };
    default:
      return { ...common, name: "blunder", logs: [random.one(blunders)], share: (where) => (isIn(where) ? share : 0) };
  }
}

/** The release's infrastructure gets the change that is to blame, among what it changes anyway. */
function faultOfInfrastructure(
  world: World,
  release: WorldRelease,
  since: number,
  random: Random,
): { fault: Fault; world: World } {
  const of = random.one(world.functions);
  const table = random.one(of.tables);
  const share = random.between(0.05, 1);
  const guilty = release.id;
  const hitsFunction = ({ of: { name } }: { of: WorldFunction }) => name === of.name;
  const hitsTable = ({ of: { tables } }: { of: WorldFunction }) => tables.includes(table);
  const load = random.between(0.05, 0.7);
  const kinds: readonly (readonly [
    type: string,
    attribute: string,
    on: string,
    fault: Omit<Fault, "guilty" | "since">,
  ])[] = [
    [
      "aws_iam_role_policy",
      "policy",
      of.name,
      { name: "right taken", logs: denied, share: (where) => (hitsFunction(where) ? share : 0) },
    ],
    [
      ...(["aws_dynamodb_table", "read_capacity", table] as const),
      {
        name: "capacity lowered",
        logs: throttled,
        finds: [{ kind: "throttling", type: "table", name: table }],
        share: (where) => (hitsTable(where) && where.load > load ? share : 0),
      },
    ],
    [
      "aws_lambda_function",
      "timeout",
      of.name,
      { name: "less time", logs: overrun, share: (where) => (hitsFunction(where) ? share * 0.6 : 0) },
    ],
    [
      "aws_lambda_function",
      "memory_size",
      of.name,
      { name: "less memory", logs: memory, share: (where) => (hitsFunction(where) ? share * 0.6 : 0) },
    ],
    [
      "aws_lambda_function",
      "environment",
      of.name,
      { name: "variable gone", logs: missing, share: (where) => (hitsFunction(where) ? share : 0) },
    ],
    [
      ...(["aws_api_gateway_integration", "uri", of.name] as const),
      {
        name: "gateway",
        isBeforeFunctions: true,
        share: (where) => (hitsFunction(where) && of.isBehindApi ? share : 0),
      },
    ],
    [
      "aws_security_group_rule",
      "cidr_blocks",
      of.name,
      { name: "way closed", logs: away, share: (where) => (hitsFunction(where) ? share : 0) },
    ],
  ];
  const [type, attribute, on, fault] = random.one(
    kinds.filter(([type]) => of.isBehindApi || type !== "aws_api_gateway_integration"),
  );
  const bad = {
    address: addressOf(type, on),
    type,
    action: random.chance(0.85) ? "change" : "replace",
    attributes: [attribute],
  };
  const releases = world.releases.map((each) =>
    each.id === guilty && each.infrastructure !== undefined
      ? { ...each, infrastructure: { ...each.infrastructure, resources: [...each.infrastructure.resources, bad] } }
      : each,
  );
  return { world: { ...world, releases }, fault: { ...fault, guilty, since } };
}

function brokenItems(
  world: World,
  random: Random,
  { at: since, tables }: { readonly at: number; readonly tables: readonly string[] },
  guilty?: string,
): Fault {
  const share = Math.exp(random.between(Math.log(0.03), 0));
  const readers = world.functions.filter((each) => each.tables.some((table) => tables.includes(table)));
  return {
    ...(guilty === undefined ? {} : { guilty }),
    name: guilty === undefined ? "write by hand" : "data",
    since,
    logs: [random.one(badData)],
    place: random.one(files),
    share: ({ of }) => (readers.includes(of) ? share : 0),
    finds: random.chance(0.6) ? tables.map((name) => ({ kind: "data", type: "table", name })) : [],
  };
}

export const outsideFaults = [
  "outage",
  "crowd",
  "poison",
  "throttled table",
  "right taken by hand",
  "write by hand",
  "old leak",
] as const;

/** A fault that no release has brought. */
export function faultFromOutside(world: World, kind: (typeof outsideFaults)[number], random: Random): Fault {
  const since = world.from + random.between(30, 90) * HOUR;
  const of = random.one(world.functions);
  const table = random.one(of.tables);
  const share = random.between(0.05, 1);
  switch (kind) {
    case "outage": {
      const isOfPayments = random.chance(0.6) && world.functions.some(({ callsPayments }) => callsPayments);
      const hit = (each: WorldFunction) => (isOfPayments ? each.callsPayments : true);
      return { name: kind, since, logs: [random.one(away)], share: (where) => (hit(where.of) ? share : 0) };
    }
    case "crowd": {
      const times = random.between(2.5, 12);
      const room = random.between(0.3, 0.9);
      const logs = random.one([throttled, overrun, [["TooManyRequestsException", "Rate Exceeded."]] as const]);
      const crowd = (at: number) => 1 + (times - 1) * Math.min(1, (at - since) / (10 * MINUTE));
      return { name: kind, since, logs, crowd, share: () => room * (1 - 1 / times) };
    }
    case "poison":
      return {
        name: kind,
        since,
        place: random.one(files),
        logs: [random.one([...blunders, ...badData])],
        callers: random.whole(1, 3),
        share: ({ of: each }) => (each === of || !of.isBehindApi ? 0.9 : 0),
      };
    case "throttled table":
      return {
        name: kind,
        since,
        logs: throttled,
        finds: [{ kind: "throttling", type: "table", name: table }],
        share: (where) => (where.of.tables.includes(table) ? share : 0),
      };
    case "right taken by hand":
      return { name: kind, since, logs: denied, share: (where) => (where.of === of ? share : 0) };
    case "write by hand":
      return brokenItems(world, random, { at: since, tables: [table] });
    case "old leak":
      return {
        name: kind,
        since,
        logs: memory,
        wasThereBefore: true,
        share: (where) => (where.of === of ? Math.min(0.4, (0.2 * (where.at - since)) / HOUR) : 0),
        finds: [{ kind: "resources", type: "function", name: of.name }],
        growth: { of: of.name, from: 0, mbPerHour: random.between(4, 30), before: 0 },
      };
  }
}

function startOf({ infrastructure, code, data }: WorldRelease): number {
  return infrastructure?.at ?? code?.moments[0]?.at ?? data?.at ?? 0;
}
