import { type CanaryConfig, canaryConfigSchema, type ReleasePlan, smokeScenarioSchema } from "@slipway/contracts";
import { planRelease } from "@slipway/release-plan";
import { StepBench } from "@slipway/testing";
import { type TrafficDeps, trafficHandlers } from "../traffic-handlers.ts";
import { type CanaryWorld, FRESH, FUNCTION, OLD } from "./canary-world.ts";

/** What the function counts itself. */
export const FAULTS = {
  ...{ name: "answers", function: "orders", namespace: "Orders", versionDimension: "functionVersion" },
  ...{ total: "requests", events: "faults", words: { units: "requests", events: "were answered with 5xx" } },
};

/** A release of one function in a world, whose new version is published and has no traffic yet. */
export class CanaryRelease {
  readonly world: CanaryWorld;
  readonly bench: StepBench;
  readonly config: CanaryConfig;
  #handlers: ReturnType<typeof trafficHandlers>;

  constructor(world: CanaryWorld, config: Parameters<typeof canaryConfigSchema.parse>[0] = {}) {
    this.world = world;
    this.config = canaryConfigSchema.parse({ metrics: [FAULTS], ...(config as object) });
    this.bench = new StepBench(planOf(this.config), () => world.now());
    this.bench.leave(
      "code.publish",
      { functionName: FUNCTION, alias: "live", version: FRESH, previousVersion: OLD, changed: true },
      "code.publish.orders",
    );
    this.#handlers = trafficHandlers(depsOf(world, this.config));
  }

  /** From its first shift until it has all of the traffic, or is stopped. */
  async run(): Promise<{
    readonly outcome: "promoted" | "failed" | "paused";
    readonly summary: string;
    readonly percent: number;
  }> {
    for (const { id, kind, percent = 100 } of this.bench.plan.steps) {
      if (kind === "traffic.shift" || kind === "traffic.judge" || kind === "traffic.promote") {
        const { outcome, summary } = await this.take(id, kind);
        if (outcome === "failed" || outcome === "paused") {
          return { outcome, summary, percent };
        }
      }
    }
    return { outcome: "promoted", summary: "", percent: 100 };
  }

  /** In another process, in the same world. */
  goOn(): this {
    Reflect.deleteProperty(this.world, "sleep");
    this.#handlers = trafficHandlers(depsOf(this.world, this.config));
    return this;
  }

  take(id: string, kind: "traffic.shift" | "traffic.judge" | "traffic.promote" | "traffic.restore") {
    return this.bench.take(id, this.#handlers[kind] as ReturnType<typeof trafficHandlers>["traffic.judge"]);
  }
}

function planOf({ steps }: CanaryConfig): ReleasePlan {
  return planRelease(
    {
      ...{ environment: "prod", release: "r2", previous: "r1", functions: ["orders"] },
      source: { commit: null, tree: null, dirty: false },
    },
    { approvals: 0, canary: steps },
  );
}

function depsOf(world: CanaryWorld, canary: CanaryConfig): TrafficDeps {
  const smoke = smokeScenarioSchema.parse({
    steps: Array.from({ length: 5 }, (_, index) => ({
      ...{ name: `order ${index}`, method: "GET", path: `/orders/${index}` },
      expect: { status: 200 },
    })),
  });
  return {
    environment: {
      functions: [
        {
          ...{ name: "orders", directory: "orders", build: ["make"], artifact: "orders/out" },
          outputs: { functionName: "name", alias: "alias", artifactBucket: "bucket" },
        },
      ],
      api: { urlOutput: "url", resources: ["/{proxy+}"] },
      smoke,
      validation: { logs: { errorFilter: "ERROR" } },
      release: { canary },
    } as unknown as TrafficDeps["environment"],
    ...{ reader: world, invoker: world, metrics: world, logs: world, clock: world, systemClock: world, flags: "" },
    deployer: {
      moveAlias: (move) => world.moveAlias(move),
      updateCode: () => Promise.reject(new Error("no code is updated here")),
      publishVersion: () => Promise.reject(new Error("nothing is published here")),
    },
  };
}
