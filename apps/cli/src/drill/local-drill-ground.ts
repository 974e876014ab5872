import {
  type AwsClients,
  createAwsClients,
  DrillItems,
  DynamoBackups,
  DynamoTableContents,
  LambdaFunctionDeployer,
  loseState,
  s3State,
} from "@slipway/aws";
import type { EnvironmentConfig, ReleasedFunction } from "@slipway/contracts";
import {
  type DrilledRelease,
  type DrillGround,
  fetchHttpClient,
  outputText,
  ReleaseError,
  releases,
  systemClock,
} from "@slipway/release-engine";
import { ControlClient } from "../local/control-client.ts";
import { openEnvironmentLedger } from "../release/open-ledger.ts";
import { rehearsedBootstrap } from "../target/rehearsed-bootstrap.ts";
import { targetAws } from "../target/target-aws.ts";
import { underLightTraffic } from "./light-traffic.ts";
import type { DrillStagePlace } from "./open-drill-stage.ts";
import { typeSlipway } from "./type-slipway.ts";

/** What the ground is made of. */
export interface GroundPlace extends Omit<DrillStagePlace, "place"> {
  /** Of the drill's local AWS. */
  readonly port: number;
  /** Where the API answers. */
  readonly apiUrl: string;
  /** Absolute path of the earlier release's files, where it was released first. */
  readonly earlierFiles?: string;
}

/** The ground of a drill on its local AWS. It looks as root, which nobody on AWS would: the drill is not about who may look. */
export async function localDrillGround(given: GroundPlace): Promise<DrillGround> {
  const { repository, config, environment: name, env, port, signal, apiUrl, earlierFiles } = given;
  const environment = config.environments[name] as EnvironmentConfig;
  const target = await targetAws({ local: true, port: String(port) }, { env }, config.region);
  const { region, endpoint = "", credentials } = target;
  const at = { region, endpoint, ...(credentials === undefined ? {} : { credentials }) };
  const { outputs } = await rehearsedBootstrap(target, config, name, signal);
  const bucket = outputText(outputs, config.bootstrap.outputs.stateBucket, "bootstrap.outputs.stateBucket");
  const state = { bucket, key: environment.terraform.stateKey };
  const { earlier, current, functions } = await releasesOn(given, target, earlierFiles !== undefined);
  // Clients of a moment each: nothing of the ground has to be closed.
  const withClients = async <T>(look: (clients: AwsClients) => Promise<T>): Promise<T> => {
    const clients = createAwsClients(at);
    try {
      return await look(clients);
    } finally {
      clients.destroy();
    }
  };
  const control = new ControlClient(port);
  return {
    ...{
      environment: name,
      isProtected: environment.protected,
      current,
      ...(earlier === undefined ? {} : { earlier }),
    },
    slipway: (words, { files = "current", as, onLine = () => {} } = {}) => {
      const directory = files === "current" ? repository : (earlierFiles ?? repository);
      return typeSlipway({ directory, env, port, signal, ...(as !== undefined && { as }) }, words, onLine);
    },
    versions: () =>
      withClients(async ({ lambda }) => {
        const reader = new LambdaFunctionDeployer(lambda);
        const found = await Promise.all(
          functions.map(async ({ functionName, alias }) => {
            const { version, weights } = await reader.readAlias(functionName, alias);
            return Object.keys(weights).length === 0 ? [[functionName, version] as const] : [];
          }),
        );
        return Object.fromEntries(found.flat());
      }),
    underTraffic: (work) =>
      underLightTraffic(
        { http: fetchHttpClient, clock: systemClock },
        { url: apiUrl, scenario: environment.smoke },
        work,
      ),
    tables: () =>
      withClients(async ({ s3, dynamodb }) => {
        const { resources = [], outputs = {} } = (await s3State(s3, name, state).read(signal)) ?? {};
        const tables = resources.filter(({ type }) => type === "aws_dynamodb_table");
        const names = tables.flatMap(({ attributes }) => (typeof attributes.name === "string" ? attributes.name : []));
        const backups = new DynamoBackups(dynamodb);
        return Promise.all(
          names.map(async (table) => {
            const configured = environment.data?.tables.find(({ output }) => outputs[output] === table)?.name;
            const hasPointInTimeRecovery = (await backups.pointInTime(table, signal)) !== undefined;
            return { name: table, hasPointInTimeRecovery, ...(configured === undefined ? {} : { configured }) };
          }),
        );
      }),
    write: (table, items, word) =>
      withClients(({ dynamodb }) => new DrillItems(dynamodb).write(table, items, word, signal)),
    digest: (table) =>
      withClients(({ dynamodb }) =>
        new DynamoTableContents(dynamodb).readAll(table, { sample: 0, onCount: () => {}, signal }),
      ),
    now: async () => Date.parse((await control.call<{ clock: string }>("GET", "clock")).clock),
    pass: async (advanceMs) => void (await control.call("POST", "clock", { advanceMs })),
    loseState: () => withClients(({ s3 }) => loseState(s3, state, signal)),
  };
}

/** The releases that were made for the drill, as its own ledger has them. */
async function releasesOn(
  { config, environment, env, signal }: GroundPlace,
  target: Awaited<ReturnType<typeof targetAws>>,
  hasEarlier: boolean,
): Promise<{
  readonly earlier?: DrilledRelease;
  readonly current: DrilledRelease;
  readonly functions: readonly ReleasedFunction[];
}> {
  const opened = await openEnvironmentLedger({ config, environment, target, env, signal });
  try {
    const live = releases(await opened.ledger.read(signal)).filter(
      ({ state }) => state === "live" || state === "superseded",
    );
    const [current, earlier] = live.toReversed();
    if (current === undefined || (hasEarlier && earlier === undefined)) {
      throw new ReleaseError({
        ...{ kind: "failed", what: "The drill's own ledger lacks a release that was just made" },
        ...{ why: `it has ${live.length} that went live`, next: "type the same command again, with --keep" },
      });
    }
    const drilled = ({ id, functions }: (typeof live)[number]): DrilledRelease => ({
      id,
      versions: Object.fromEntries(functions.map(({ functionName, version }) => [functionName, version])),
    });
    return {
      ...(hasEarlier && earlier !== undefined ? { earlier: drilled(earlier) } : {}),
      ...{ current: drilled(current), functions: current.functions },
    };
  } finally {
    opened.close();
  }
}
