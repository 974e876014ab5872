import { setTimeout as wait } from "node:timers/promises";
import { APIGatewayClient, GetRestApisCommand, UpdateAccountCommand } from "@aws-sdk/client-api-gateway";
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetAliasCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type LiveTraffic, trafficOf } from "../release/live-traffic.ts";
import { ReleaseProcess } from "../release/release-process.ts";
import { bootstrapByHand } from "../support/bootstrap-by-hand.ts";
import { LocalAwsProcess } from "../support/local-aws-process.ts";
import { ProgramError, type Ran } from "../support/run-program.ts";
import { ExampleRepository } from "./example-repository.ts";

export const ENVIRONMENT = "production";

const API_LOGS_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs";

/** The team of `examples/short-links`: their repository, and a local AWS of the Region that they are in. */
export class ShortLinks {
  readonly repository = new ExampleRepository("short-links");
  readonly localAws: LocalAwsProcess;
  readonly #lambda: LambdaClient;

  /** @param account whether what `deploy/account` makes is there already */
  static async open({ account }: { readonly account: boolean }): Promise<ShortLinks> {
    const team = new ShortLinks(await LocalAwsProcess.start({ region: "eu-west-1" }));
    try {
      if (account) {
        await team.#makeAccount();
      }
      return team;
    } catch (error) {
      await team.close().catch(() => {});
      throw error;
    }
  }

  private constructor(localAws: LocalAwsProcess) {
    this.localAws = localAws;
    this.#lambda = new LambdaClient(localAws.client);
  }

  /** What `deploy/account` makes. */
  async #makeAccount(): Promise<void> {
    await bootstrapByHand(this.localAws, {
      directory: "deploy/account",
      stateBucket: { output: "states", name: "short-links-states" },
      ledgerTable: { output: "releases", name: "short-links-releases" },
    });
    const iam = new IAMClient(this.localAws.client);
    const trust = { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "api-logs", AssumeRolePolicyDocument }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: "api-logs", PolicyArn: API_LOGS_POLICY }));
    iam.destroy();
    const gateway = new APIGatewayClient(this.localAws.client);
    const set = { op: "replace", path: "/cloudwatchRoleArn", value: Role?.Arn } as const;
    await gateway.send(new UpdateAccountCommand({ patchOperations: [set] }));
    gateway.destroy();
  }

  /** Runs `slipway WORDS...` in the repository, whatever comes of it. */
  run(...words: readonly string[]): Promise<Ran> {
    return this.#start([...words, "--port", String(this.localAws.port)]);
  }

  /** `slipway init`, which works on no AWS. */
  init(): Promise<Ran> {
    return this.#start(["init"]);
  }

  #start(words: readonly string[]): Promise<Ran> {
    return new ReleaseProcess(words, {
      cwd: this.repository.path,
      // Not the repository: npm writes its logs there.
      env: { PATH: process.env.PATH, HOME: this.localAws.dataDir, LANG: "C.UTF-8" },
    }).ended;
  }

  /** Runs one that has to succeed, and gives what it printed. */
  async must(...words: readonly string[]): Promise<string> {
    const ran = await this.run(...words);
    if (ran.code !== 0) {
      throw new ProgramError("slipway", words, ran);
    }
    return ran.stdout;
  }

  /** `slipway deploy` until it is live, without its waits. */
  deploy(): Promise<Ran> {
    return this.run("deploy", ENVIRONMENT, "--fast-forward", "--wait", "none", "--output", "json");
  }

  /** The version that has all of the traffic, by function; with weights, those too. */
  async versions(): Promise<Readonly<Record<string, string>>> {
    const versions: Record<string, string> = {};
    for (const name of ["redirect", "manage"]) {
      const FunctionName = `short-links-${name}-${ENVIRONMENT}`;
      const { FunctionVersion = "?", RoutingConfig } = await this.#lambda.send(
        new GetAliasCommand({ FunctionName, Name: "live" }),
      );
      const weights = Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {});
      versions[name] = [FunctionVersion, ...weights].join(" and ");
    }
    return versions;
  }

  async apiUrl(): Promise<string> {
    const gateway = new APIGatewayClient(this.localAws.client);
    const { items = [] } = await gateway.send(new GetRestApisCommand({}));
    gateway.destroy();
    const id = items.find(({ name }) => name === `short-links-${ENVIRONMENT}`)?.id ?? "";
    return this.localAws.stageUrl(id, ENVIRONMENT);
  }

  /** People who make links, follow them, and take them away. */
  async traffic(users = { clients: 3, pauseMs: 20 }): Promise<LiveTraffic> {
    return trafficOf(await this.apiUrl(), users, async (ask) => {
      const link = (await ask("POST", "/links", 201, { url: "https://example.com/far" })) as
        | { slug?: string }
        | undefined;
      if (link?.slug !== undefined) {
        await ask("GET", `/${link.slug}`, 302);
        await ask("GET", `/links/${link.slug}`, 200);
        await ask("DELETE", `/links/${link.slug}`, 204);
        await wait(5);
        await ask("GET", `/${link.slug}`, 404);
      }
    });
  }

  async close(): Promise<void> {
    this.#lambda.destroy();
    await this.localAws.stop();
    this.repository.remove();
  }
}
