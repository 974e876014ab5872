import { type AwsClients, createAwsClients, openCommitWorktree, s3State, stateLockFile } from "@slipway/aws";
import { createIamClient } from "@slipway/aws/administration";
import { corruptItems, deleteAlarm, revokePermission, throttleStage } from "@slipway/aws/gamedays";
import { createLiveClients } from "@slipway/aws/live-checks";
import type { EnvironmentConfig, SlipwayConfig } from "@slipway/contracts";
import { type FaultRequest, type FaultRule, type LocalAws, startLocalAws } from "@slipway/local-aws";
import {
  fetchHttpClient,
  type GameStage,
  incidents,
  type MonitoredResources,
  monitoredResources,
  outputText,
  type Plant,
  type Planted,
  type Progress,
  ReleaseError,
  systemClock,
} from "@slipway/release-engine";
import { drillEnv } from "../drill/drill-env.ts";
import type { DrillPlace } from "../drill/drill-place.ts";
import { typeRehearsal } from "../drill/type-rehearsal.ts";
import { typeSlipway } from "../drill/type-slipway.ts";
import { ControlClient } from "../local/control-client.ts";
import { openEnvironmentLedger } from "../release/open-ledger.ts";
import { rehearsedBootstrap } from "../target/rehearsed-bootstrap.ts";
import { type TargetAws, targetAws } from "../target/target-aws.ts";
import { dieWithLock } from "./die-with-lock.ts";
import type { UserKind } from "./faulty-handler.ts";
import { GameFiles } from "./game-files.ts";
import { UserTraffic } from "./user-traffic.ts";

/** Where a game day is played, and what it is about. */
export interface GameStagePlace {
  /** Absolute path of the folder with slipway.config.ts. */
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly place: DrillPlace;
}

/** The ground of game days, with the environment up. */
export interface OpenedGameStage {
  readonly stage: GameStage;
  readonly target: TargetAws;
  /** The files that its commands are typed among. */
  readonly directory: string;
  /** The variables that they get. */
  readonly env: NodeJS.ProcessEnv;
  /**
   * Puts everything back to how it was when it was opened, for a day that plants these; with a release that is faulty, where the day needs one
   * and one was made.
   */
  rewind(plants: readonly Plant[]): Promise<void>;
  close(): Promise<void>;
}

const MOMENT = "game-day";
const FAULTY_MOMENT = "game-day-faulty";
const MINUTE_MS = 60_000;
const AGE_MS = 4 * 86_400_000;
/**
 * So many requests without a failure show a rate of less than one in a hundred, beyond the doubt that verdicts allow for
 * (`-ln(0.01)` is 4.6): fewer do not let an incident be over, and more only take longer.
 */
const REQUESTS_FOR_ONE_PERCENT = 461;
/** What is asked in a minute at least, so that there is something to judge, and at most, so that it comes to an end. */
const REQUESTS_A_MINUTE = { least: 30, most: 1_000 };
/** Items that a wrong job overwrites. */
const DAMAGED_ITEMS = 25;

/** The users whom a faulty release is bad for, by what is planted. */
const RELEASES: Readonly<Partial<Record<Plant, UserKind>>> = {
  "bad-release": "fails",
  "slow-release": "waits",
  "leaking-release": "leaks",
  "slow-starting-release": "restarts",
};

/** Whether a day needs a release that is faulty for users: it is made once, and kept. */
function needsFaultyRelease(plants: readonly Plant[]): boolean {
  return plants.some((plant) => RELEASES[plant] !== undefined);
}

/**
 * Brings up an environment on a local AWS of the game day's own, from a worktree of the commit that is checked out, with the real Terraform
 * and the real release.
 *
 * @throws {ReleaseError} when it cannot be brought up; `interrupted` when asked to stop
 */
export async function openGameStage(given: GameStagePlace): Promise<OpenedGameStage> {
  const { repository, config, environment: name, place, signal, progress } = given;
  const env = drillEnv(given.env, [config]);
  const environment = config.environments[name] as EnvironmentConfig;
  const localAws = await startLocalAws({ port: 0, dataDir: place.dataDir, region: config.region });
  place.startedAt(localAws.endpoint);
  try {
    const { directory } = await openCommitWorktree({ repository, env, signal, folder: place.worktree }, "HEAD");
    const files = new GameFiles({ directory, environment }, env);
    await files.commit("none");
    const { apiUrl } = await typeRehearsal(
      { directory, env, port: localAws.port, signal },
      { environment: name, progress, phase: "gameday.release", title: `bring ${name} up on a local AWS of its own` },
    );
    return await stageOn({ ...given, env, localAws, files, apiUrl });
  } catch (error) {
    await localAws.stop();
    throw error;
  }
}

interface Ground extends GameStagePlace {
  readonly localAws: LocalAws;
  readonly files: GameFiles;
  readonly apiUrl: string;
}

async function stageOn(ground: Ground): Promise<OpenedGameStage> {
  const { config, environment: name, env, localAws, files, apiUrl, signal } = ground;
  const environment = config.environments[name] as EnvironmentConfig;
  const target = await targetAws({ local: true, port: String(localAws.port) }, { env }, config.region);
  const openLedger = () => openEnvironmentLedger({ config, environment: name, target, env, signal });
  let opened = await openLedger();
  const control = new ControlClient(localAws.port);
  const traffic = new UserTraffic({ http: fetchHttpClient, clock: systemClock }, apiUrl, environment.smoke);
  const planter = await Planter.open(ground, { target, control, traffic });
  const { windowMinutes, errorPercent } = environment.incidents;
  const needed = Math.ceil(REQUESTS_FOR_ONE_PERCENT / errorPercent.medium / windowMinutes);
  const requests = Math.min(Math.max(needed, REQUESTS_A_MINUTE.least), REQUESTS_A_MINUTE.most);
  const minute = async () => {
    const startedAt = systemClock.now();
    const seen = await traffic.minute(requests, signal);
    const left = Math.max(1_000, MINUTE_MS - (systemClock.now() - startedAt));
    await control.call("POST", "clock", { advanceMs: left });
    return seen;
  };
  // What was released days ago is no suspect any more.
  await control.call("POST", "clock", { advanceMs: AGE_MS });
  await minute();
  await localAws.saveSnapshot(MOMENT);
  return {
    ...{ target, directory: files.directory, env },
    stage: {
      ...{ environment: name, minute },
      plant: (plant) => planter.plant(plant),
      now: async () => Date.parse((await control.call<{ clock: string }>("GET", "clock")).clock),
      lostWrites: () => traffic.lost(),
      incidents: async () => incidents(await opened.ledger.read(signal)),
    },
    async rewind(plants) {
      const isFaulty = needsFaultyRelease(plants) && planter.hasFaultyRelease;
      await localAws.restoreSnapshot(isFaulty ? FAULTY_MOMENT : MOMENT);
      await files.reset(isFaulty ? "faulty" : "none");
      // What it remembers has not happened any more.
      opened.close();
      opened = await openLedger();
      traffic.reset();
    },
    async close() {
      planter.close();
      opened.close();
      await localAws.stop();
    },
  };
}

interface PlantingTools {
  readonly target: TargetAws;
  readonly control: ControlClient;
  readonly traffic: UserTraffic;
}

type PlantingClients = ReturnType<typeof createLiveClients> & { readonly iam: ReturnType<typeof createIamClient> };

/** Plants faults. It acts as root, which whoever breaks something by mistake comes near enough to. */
class Planter {
  readonly #ground: Ground;
  readonly #with: PlantingTools;
  readonly #clients: AwsClients;
  readonly #live: PlantingClients;
  readonly #state: { readonly bucket: string; readonly key: string };
  readonly #resources: MonitoredResources;
  /** What the faulty release is, once it was made. */
  #faulty: string | undefined;

  static async open(ground: Ground, tools: PlantingTools): Promise<Planter> {
    const { config, environment: name, signal } = ground;
    const { target } = tools;
    const { region, endpoint = "", credentials } = target;
    const at = { region, endpoint, ...(credentials === undefined ? {} : { credentials }) };
    const { outputs } = await rehearsedBootstrap(target, config, name, signal);
    const bucket = outputText(outputs, config.bootstrap.outputs.stateBucket, "bootstrap.outputs.stateBucket");
    const state = { bucket, key: config.environments[name]?.terraform.stateKey ?? "" };
    const clients = createAwsClients(at);
    const { resources = [] } = (await s3State(clients.s3, name, state).read(signal)) ?? {};
    return new Planter(ground, tools, {
      clients,
      live: { ...createLiveClients(at), iam: createIamClient(at) },
      state,
      resources: monitoredResources({ resources }),
    });
  }

  private constructor(
    ground: Ground,
    tools: PlantingTools,
    found: {
      readonly clients: AwsClients;
      readonly live: PlantingClients;
      readonly state: { readonly bucket: string; readonly key: string };
      readonly resources: MonitoredResources;
    },
  ) {
    this.#ground = ground;
    this.#with = tools;
    this.#clients = found.clients;
    this.#live = found.live;
    this.#state = found.state;
    this.#resources = found.resources;
  }

  async plant(plant: Plant): Promise<Planted> {
    const kind = RELEASES[plant];
    if (kind !== undefined) {
      return this.#faultyRelease(kind);
    }
    const { traffic } = this.#with;
    const { signal } = this.#ground;
    switch (plant) {
      case "bad-infrastructure":
        return { what: await this.#release("bad-infrastructure"), end: once(() => this.#takeInfrastructureBack()) };
      case "table-throttled":
        return this.#fault({ kind: "throttle", service: "dynamodb", resource: this.#table(), rate: 0.9 });
      case "table-unreachable":
        return this.#fault({ kind: "unavailable", service: "dynamodb", resource: this.#table() });
      case "corrupted-data": {
        const { items, writeBack } = await corruptItems(this.#clients.dynamodb, this.#table(), DAMAGED_ITEMS, signal);
        return { what: `${items} items of ${this.#table()} were overwritten`, end: once(writeBack) };
      }
      case "permission-revoked": {
        const { role, policies, giveBack } = await revokePermission(this.#live, this.#function(), signal);
        return { what: `${policies.join(", ")} was taken from ${role}`, end: once(giveBack) };
      }
      case "alarm-deleted": {
        const name = this.#resources.alarms.find((each) => each.endsWith("-errors")) ?? this.#resources.alarms[0] ?? "";
        const makeAgain = await deleteAlarm(this.#live.cloudwatch, name, signal);
        return { what: `the alarm ${name} was deleted`, end: once(makeAgain) };
      }
      case "poisoned-input":
        traffic.kind = "poisoned";
        return {
          what: "some users send what the function cannot bear",
          async end() {
            traffic.kind = "usual";
          },
        };
      case "traffic-spike": {
        const [stage] = this.#resources.stages;
        const at = { restApiId: stage?.apiId ?? "", stageName: stage?.stage ?? "" };
        const setBack = await throttleStage(this.#live.apigateway, at, { rate: 10, burst: 20 }, signal);
        traffic.factor = 4;
        const end = async () => {
          traffic.factor = 1;
          await setBack();
        };
        return { what: "four times as many users come, and the stage takes 10 requests a second", end: once(end) };
      }
      case "dead-lock": {
        const { files, environment, env, localAws } = this.#ground;
        // Terraform takes the lock to change something.
        await files.commit("harmless-infrastructure");
        const readLock = () => stateLockFile(this.#clients.s3, this.#state, signal);
        const at = { directory: files.directory, env, port: localAws.port };
        const lock = await dieWithLock(at, ["deploy", environment, "--fast-forward"], readLock, signal);
        return {
          what: `a deploy died with the lease, and with the lock ${lock.id} of the state`,
          // As who was told to would: nothing but that cures it.
          end: once(() => this.#type(["resume", environment, "--fast-forward", "--wait", "none"])),
        };
      }
      default:
        throw new Error(`Nobody knows how to plant ${plant}`);
    }
  }

  close(): void {
    this.#clients.destroy();
    for (const client of Object.values(this.#live) as { destroy(): void }[]) {
      client.destroy();
    }
  }

  get hasFaultyRelease(): boolean {
    return this.#faulty !== undefined;
  }

  /** One that is live, and whose fault awakes now: users come whom it is bad for. Who takes it back is who is tried. */
  async #faultyRelease(kind: UserKind): Promise<Planted> {
    const { traffic } = this.#with;
    if (this.#faulty === undefined) {
      this.#faulty = await this.#release("faulty");
      await this.#ground.localAws.saveSnapshot(FAULTY_MOMENT);
    }
    traffic.kind = kind;
    return {
      what: `${this.#faulty}; users come of the kind "${kind}"`,
      async end() {
        traffic.kind = "usual";
      },
    };
  }

  /** Releases other files by the real engine: without the waits, which nobody is there to see. @returns what they are */
  async #release(fault: "faulty" | "bad-infrastructure"): Promise<string> {
    const { environment, files } = this.#ground;
    const what = await files.commit(fault);
    // What is wrong with the infrastructure its own smoke test may see, after it was applied: then the release fails, and the fault is there.
    const mayEndAt = fault === "bad-infrastructure" ? /^test the API from outside - FAILED/m : undefined;
    await this.#type(["deploy", environment, "--fast-forward", "--wait", "none"], mayEndAt);
    return what;
  }

  /** What whoever is told of it types. */
  async #takeInfrastructureBack(): Promise<void> {
    const { environment } = this.#ground;
    await this.#type(["rollback", environment, "infrastructure", "--reason", "it lets hardly anybody through"]);
  }

  /** @param mayEndAt the step at which it may fail, as it says so */
  async #type(words: readonly string[], mayEndAt?: RegExp): Promise<void> {
    const { env, localAws, signal, files } = this.#ground;
    const ran = await typeSlipway({ directory: files.directory, env, port: localAws.port, signal }, words, () => {});
    if (ran.code !== 0 && mayEndAt?.test(ran.said) !== true) {
      throw new ReleaseError({
        ...{ kind: "failed", what: `${ran.command} ended with ${ran.code}`, why: ran.said || "it said nothing" },
        next: "type the same command again, with --keep",
      });
    }
  }

  async #fault(fault: FaultRequest): Promise<Planted> {
    const { control } = this.#with;
    const { id } = await control.call<FaultRule>("POST", "faults", fault);
    const what = `${fault.kind} at ${Math.round((fault.rate ?? 1) * 100)} % of the requests to ${fault.resource}`;
    return { what, end: once(async () => void (await control.call("DELETE", `faults/${id}`))) };
  }

  #table(): string {
    return this.#one("table", this.#resources.tables[0]?.name);
  }

  #function(): string {
    return this.#one("function", this.#resources.functions[0]?.name);
  }

  #one(what: string, name: string | undefined): string {
    if (name === undefined) {
      throw new ReleaseError({
        ...{ kind: "usage", what: `${this.#ground.environment} has no ${what}`, why: "this game day breaks one" },
        next: "choose another game day: slipway gameday list",
      });
    }
    return name;
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
