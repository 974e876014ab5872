import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { DynamoLedgerTable, LambdaFunctionDeployer } from "@slipway/aws";
import type { LedgerBody, ReleasePlan, StepKind, StepResult } from "@slipway/contracts";
import {
  createRedactor,
  type HeldLedger,
  openLedger,
  type ReleaseOutcome,
  type ReleasePorts,
  rollBack,
  type StepHandlers,
  systemClock,
  type TrafficDeps,
  trafficHandlers,
} from "@slipway/release-engine";
import { ledgerKeys } from "../support/bootstrap-by-hand.ts";
import { packageOf } from "../support/bundle-function.ts";
import type { LocalAwsProcess } from "../support/local-aws-process.ts";

const TABLE = "many-ledger";
const ENVIRONMENT = "prod";
const RELEASES = 3;
const AT_ONCE = 6;

/** How a rollback of all functions went. */
export interface MeasuredReturn {
  readonly outcome: ReleaseOutcome;
  /** From the decision until AWS has said that the last alias has moved. */
  readonly movedAfterMs: number;
}

/**
 * An environment of many functions on a local AWS, without Terraform: three releases of all of them, the third one live, and the ledger that
 * such releases leave.
 */
export class ManyFunctions {
  readonly names: readonly string[];
  readonly #lambda: LambdaClient;
  readonly #dynamodb: DynamoDBClient;
  readonly #localAws: LocalAwsProcess;

  constructor(localAws: LocalAwsProcess, count: number) {
    this.#localAws = localAws;
    this.names = Array.from({ length: count }, (_, index) => `f${String(index).padStart(2, "0")}`);
    this.#lambda = new LambdaClient(localAws.client);
    this.#dynamodb = new DynamoDBClient(localAws.client);
  }

  async open(): Promise<void> {
    const iam = new IAMClient(this.#localAws.client);
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "many", AssumeRolePolicyDocument }));
    iam.destroy();
    const left = [...this.names];
    const work = async () => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        await this.#make(name, Role?.Arn ?? "");
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await this.#dynamodb.send(
      new CreateTableCommand({
        ...{ TableName: TABLE, ...ledgerKeys },
      }),
    );
    await this.#holding(async (held) => {
      for (let number = 1; number <= RELEASES; number += 1) {
        await this.#release(held, number);
      }
    });
  }

  /** Rolls all of them back to a release, by the engine. */
  async rollBack(to: string): Promise<MeasuredReturn> {
    return this.#holding(async (held, ports) => {
      let movedAt = 0;
      const lambda = new LambdaFunctionDeployer(this.#lambda);
      const deployer: Pick<LambdaFunctionDeployer, "moveAlias"> = {
        moveAlias: async (move) => {
          const moved = await lambda.moveAlias(move);
          movedAt = performance.now();
          return moved;
        },
      };
      const deps = { reader: lambda, deployer, systemClock } as unknown as TrafficDeps;
      const { "traffic.return": there, "traffic.restore": back } = trafficHandlers(deps);
      const seen: StepHandlers["traffic.verify"] = async () => ({
        ...{ outcome: "done", summary: "the test looks itself" },
        result: { verdict: "pass", functions: [], bad: [], unknown: [] },
      });
      const handlers = { "traffic.return": there, "traffic.restore": back, "traffic.verify": seen };
      const startedAt = performance.now();
      const outcome = await rollBack(ports, {
        ...{ held, to, reason: "Jane wants it back" },
        handlers: handlers as unknown as StepHandlers,
      });
      return { outcome, movedAfterMs: movedAt - startedAt };
    });
  }

  /** The versions behind all aliases, each once. */
  async versions(): Promise<readonly string[]> {
    const versions = new Set<string>();
    for (const FunctionName of this.names) {
      const { FunctionVersion = "?" } = await this.#lambda.send(new GetAliasCommand({ FunctionName, Name: "live" }));
      versions.add(FunctionVersion);
    }
    return [...versions];
  }

  close(): void {
    this.#lambda.destroy();
    this.#dynamodb.destroy();
  }

  async #make(FunctionName: string, Role: string): Promise<void> {
    const lambda = this.#lambda;
    const code = (version: number) =>
      packageOf({ "index.mjs": `export const handler = () => "${FunctionName} ${version}";` });
    const waiter = { client: lambda, maxWaitTime: 120, minDelay: 1 };
    await lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile: code(1) } },
        Publish: true,
      }),
    );
    await waitUntilFunctionActiveV2(waiter, { FunctionName });
    for (let version = 2; version <= RELEASES; version += 1) {
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: code(version) }));
      await waitUntilFunctionUpdatedV2(waiter, { FunctionName });
      await lambda.send(new PublishVersionCommand({ FunctionName }));
    }
    await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: String(RELEASES) }));
  }

  /** What a release that went well leaves in the ledger. */
  async #release(held: HeldLedger, number: number): Promise<void> {
    const release = `r${number}`;
    const previous = number === 1 ? null : `r${number - 1}`;
    const write = (body: LedgerBody, of = release) => held.append({ by: { name: "Jane" }, release: of, body });
    // What it takes to know what it was: its other steps say nothing about where its traffic can go.
    const promote = { id: "traffic.promote", kind: "traffic.promote" } as const;
    const plan: ReleasePlan = {
      ...{ version: 1, environment: ENVIRONMENT, release, previous },
      source: { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false },
      steps: [{ ...promote, title: "send all of the traffic to it", guide: "Phase 2", undo: "slipway rollback" }],
    };
    await write({ type: "release.started", plan, authors: ["Jane"] });
    const digest = String(number).repeat(64);
    const done = <K extends StepKind>(kind: K, step: string, result: StepResult<K>) =>
      write({ type: "step.finished", step, kind, outcome: "done", summary: "done", durationMs: 1, result });
    for (const name of this.names) {
      await done("code.package", `code.package.${name}`, { sha256: digest, sha256Base64: "a", bytes: 1 });
      await done("code.upload", `code.upload.${name}`, { bucket: "b", key: digest });
    }
    await done("traffic.promote", "traffic.promote", { percent: 100, functions: [] });
    await write({
      ...{ type: "release.ended", outcome: "live", reason: "it answers" },
      functions: this.names.map((name) => ({
        ...{ name, functionName: name, alias: "live", version: String(number), artifactSha256: digest },
        previousVersion: String(Math.max(1, number - 1)),
      })),
    });
  }

  async #holding<T>(work: (held: HeldLedger, ports: ReleasePorts) => Promise<T>): Promise<T> {
    const redactor = createRedactor();
    const ledger = openLedger(new DynamoLedgerTable(this.#dynamodb, TABLE), {
      ...{ environment: ENVIRONMENT, clock: systemClock, leaseClock: systemClock, redactor, leaseSeconds: 120 },
    });
    const holder = { id: "one", actor: { name: "Jane" }, host: "here", pid: process.pid, command: "slipway rollback" };
    const held = await ledger.take(holder);
    try {
      return await work(held, {
        ...{ clock: systemClock, systemClock, redactor },
        progress: { report: () => undefined },
      });
    } finally {
      await held.release();
    }
  }
}
