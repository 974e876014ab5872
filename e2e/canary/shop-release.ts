import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateAliasCommand,
  GetAliasCommand,
  InvokeCommand,
  type LambdaClient,
  PublishVersionCommand,
} from "@aws-sdk/client-lambda";
import {
  type AwsClients,
  AwsMetricsReader,
  LambdaFunctionDeployer,
  LambdaInvoker,
  S3ArtifactStore,
} from "@slipway/aws";
import { AwsLogsReader } from "@slipway/aws/logs";
import {
  type CanaryConfig,
  canaryConfigSchema,
  type LedgerBody,
  type PlannedStep,
  smokeScenarioSchema,
} from "@slipway/contracts";
import { type Clock, type CodeDeps, codeHandlers, systemClock, trafficHandlers } from "@slipway/release-engine";
import { StepBench } from "@slipway/testing";
import { createFunction } from "../support/create-function.ts";
import type { LocalAwsProcess } from "../support/local-aws-process.ts";
import { type ShopVersion, shopCode } from "./shop-code.ts";

const MINUTE_MS = 60_000;
const LANES = 4;

/** Where shops are released. */
export interface ShopPlace {
  readonly local: LocalAwsProcess;
  readonly clients: AwsClients;
  /** Folder for what is built. */
  readonly folder: string;
  /** Bucket for artifacts. */
  readonly bucket: string;
}

/** Answers that users got. */
export interface SeenTraffic {
  requests: number;
  failed: number;
}

/** Makes the function of a shop, with version 1 behind the alias `live`. */
export async function createShop({ local, clients }: ShopPlace, functionName: string): Promise<void> {
  await createFunction(local.client, { name: functionName, code: shopCode({ name: "first" }) });
  await clients.lambda.send(new PublishVersionCommand({ FunctionName: functionName }));
  await clients.lambda.send(new CreateAliasCommand({ FunctionName: functionName, Name: "live", FunctionVersion: "1" }));
}

/** Calls a function through its alias, as its users do, and tells whether it answered well. */
export async function useShop(lambda: LambdaClient, functionName: string): Promise<string | undefined> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Qualifier: "live", Payload: "{}" }),
  );
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString("utf8")) as { statusCode?: number; body?: string };
  return FunctionError === undefined && answer.statusCode === 200 ? answer.body : undefined;
}

/** Where the alias of a shop is. */
export async function readAlias(
  { clients }: ShopPlace,
  FunctionName: string,
): Promise<{ readonly version: string | undefined; readonly weights: Readonly<Record<string, number>> }> {
  const { FunctionVersion: version, RoutingConfig } = await clients.lambda.send(
    new GetAliasCommand({ FunctionName, Name: "live" }),
  );
  return { version, weights: RoutingConfig?.AdditionalVersionWeights ?? {} };
}

/** Local AWS's clock, moved forward instead of waited for; users are there in each minute that passes. */
class BusyClock implements Clock {
  #offsetMs = 0;
  readonly #place: ShopPlace;
  readonly #users: () => Promise<void>;

  constructor(place: ShopPlace, users: () => Promise<void>) {
    this.#place = place;
    this.#users = users;
  }

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  async sleep(milliseconds: number): Promise<void> {
    const until = this.now() + milliseconds;
    for (let left = milliseconds; left > 0; left = until - this.now()) {
      await this.#users();
      await this.move(Math.max(0, Math.min(MINUTE_MS, until - this.now())));
    }
  }

  async move(advanceMs: number): Promise<void> {
    const { clock } = await this.#place.local.control<{ clock: string }>("POST", "clock", { advanceMs });
    this.#offsetMs = Date.parse(clock) - Date.now();
  }
}

/** A release of one function, step by step, on local AWS, with users. */
export class ShopRelease {
  readonly traffic: SeenTraffic = { requests: 0, failed: 0 };
  readonly bench: StepBench;
  readonly clock: BusyClock;
  readonly #handlers: ReturnType<typeof codeHandlers> & ReturnType<typeof trafficHandlers>;
  readonly #readers: readonly { close(): void }[];

  constructor(
    place: ShopPlace,
    functionName: string,
    version: ShopVersion,
    { requestsPerMinute = 0, ...settings }: Partial<CanaryConfig> & { readonly requestsPerMinute?: number } = {},
  ) {
    const { local, clients } = place;
    const canary = canaryConfigSchema.parse({
      metrics: [
        {
          ...{ name: "answers", function: "shop", namespace: "Shop", versionDimension: "functionVersion" },
          ...{ total: "requests", events: "faults" },
        },
      ],
      ...settings,
    });
    this.clock = new BusyClock(place, () => this.#serve(clients.lambda, functionName, requestsPerMinute));
    this.bench = new StepBench(planOf(canary), () => this.clock.now());
    this.bench.leave("infrastructure.apply", {
      ...{ counts: { add: 0, change: 0, destroy: 0 }, changed: false, stateSerial: 1 },
      outputs: { name: functionName, alias: "live", bucket: place.bucket },
    });
    const functions = new LambdaFunctionDeployer(clients.lambda);
    const invoker = new LambdaInvoker(local.client);
    const metrics = new AwsMetricsReader(local.client);
    const logs = new AwsLogsReader(local.client);
    this.#readers = [invoker, metrics, logs];
    const environment = environmentOf(canary);
    const common = { environment, reader: functions, deployer: functions, systemClock, flags: "" };
    this.#handlers = {
      ...codeHandlers({
        ...common,
        repository: join(place.folder, functionName, version.name),
        builder: builderOf(version),
        store: new S3ArtifactStore(clients.s3),
        source: { revision: async () => this.bench.plan.source, changedFiles: async () => [] },
      }),
      ...trafficHandlers({ ...common, invoker, metrics, logs, clock: this.clock }),
    };
  }

  /**
   * Takes all steps, and puts the release back where one is judged bad.
   *
   * @returns what stopped it; undefined where nothing did
   */
  async run(): Promise<{ readonly step: string; readonly outcome: string; readonly summary: string } | undefined> {
    // It may have been moved before.
    await this.clock.move(0);
    try {
      for (const { id, kind } of this.bench.plan.steps) {
        const { outcome, summary } = await this.take(id, kind);
        if (outcome === "failed" || outcome === "paused") {
          await this.take("traffic.restore", "traffic.restore");
          return { step: id, outcome, summary };
        }
      }
      return undefined;
    } finally {
      for (const reader of this.#readers) reader.close();
    }
  }

  take(id: string, kind: PlannedStep["kind"]) {
    return this.bench.take(id, this.#handlers[kind as "code.publish"]);
  }

  /** Looks that were written down. */
  verdicts(): readonly Extract<LedgerBody, { type: "verdict" }>[] {
    return this.bench.written.filter((body) => body.type === "verdict");
  }

  async #serve(lambda: LambdaClient, functionName: string, requests: number): Promise<void> {
    let left = requests;
    const lane = async () => {
      while (left > 0) {
        left -= 1;
        this.traffic.requests += 1;
        if ((await useShop(lambda, functionName)) === undefined) {
          this.traffic.failed += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }
}

function builderOf(version: ShopVersion): CodeDeps["builder"] {
  return {
    async build({ directory }) {
      mkdirSync(join(directory, "out"), { recursive: true });
      writeFileSync(join(directory, "out/index.mjs"), shopCode(version));
    },
  };
}

function environmentOf(canary: CanaryConfig) {
  return {
    functions: [
      {
        ...{ name: "shop", directory: "shop", build: ["make"], artifact: "shop/out" },
        outputs: { functionName: "name", alias: "alias", artifactBucket: "bucket" },
      },
    ],
    api: { urlOutput: "url", resources: ["/{proxy+}"] },
    smoke: smokeScenarioSchema.parse({
      steps: Array.from({ length: 20 }, (_, index) => ({
        ...{ name: `the shop shows page ${index}`, method: "GET", path: `/pages/${index}` },
        expect: { status: 200 },
      })),
    }),
    validation: { logs: { errorFilter: '?ERROR ?"Runtime exited"' } },
    release: { canary },
  } as unknown as Parameters<typeof trafficHandlers>[0]["environment"];
}

function planOf({ steps }: CanaryConfig): StepBench["plan"] {
  const step = (id: string, kind: PlannedStep["kind"], more: Partial<PlannedStep> = {}): PlannedStep => ({
    ...{ id, kind, title: id, guide: "Phase 2", undo: "put it back", ...more },
  });
  return {
    ...{ version: 1, environment: "prod", release: "r2", previous: "r1" },
    source: { commit: null, tree: null, dirty: false },
    steps: [
      ...(["code.package", "code.upload", "code.publish"] as const).map((kind) =>
        step(`${kind}.shop`, kind, { function: "shop" }),
      ),
      ...steps.flatMap(({ percent, holdSeconds }) => [
        step(`traffic.shift.${percent}`, "traffic.shift", { percent }),
        step(`traffic.judge.${percent}`, "traffic.judge", { percent, holdSeconds }),
      ]),
      step("traffic.promote", "traffic.promote"),
    ],
  };
}
