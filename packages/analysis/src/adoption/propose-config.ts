import type { SlipwayConfigInput } from "@slipway/contracts";
import { packageManagerOf } from "./detect-builds.ts";
import type { DetectedEnvironment } from "./detect-layout.ts";
import type { DetectedRepository } from "./detect-repository.ts";
import type { DetectedApi, DetectedBuild, DetectedFunction, DetectedRoute, DetectedTable } from "./detected.ts";
import { isHealth, NOBODY, proposeSmoke, withNobody } from "./propose-smoke.ts";
import { type RecordLife, recordLife } from "./record-life.ts";

type EnvironmentInput = SlipwayConfigInput["environments"][string];
type FunctionInput = EnvironmentInput["functions"][number];

/** What environments are thrown away without asking. */
const DISPOSABLE = /^(dev|develop|development|test|testing|qa|sandbox|preview|demo)([-_]|$)/;
const FALLBACK_REGION = "us-east-1";

/** What a configuration can say of a repository, where it has been looked at. */
export function proposeConfig(repository: DetectedRepository): SlipwayConfigInput {
  const { layout, project, github } = repository;
  const { bootstrap } = layout;
  const inside = insideOf(repository);
  const ledger = bootstrap?.ledgerTable;
  return {
    ...{ project, region: layout.region ?? FALLBACK_REGION },
    ...(github && { github }),
    infrastructure: inside.infrastructure,
    bootstrap: {
      directory: inside.bootstrap,
      outputs: {
        stateBucket: bootstrap?.stateBucket?.output ?? "state_bucket_name",
        ...(bootstrap?.roleArns && github && { roleArns: bootstrap.roleArns }),
        ledgerTable: ledger?.output ?? "ledger_table_name",
      },
      ...(bootstrap?.stateBucket?.name && { state: { bucket: bootstrap.stateBucket.name } }),
      ...(ledger?.name && { ledger: { table: ledger.name } }),
    },
    environments: Object.fromEntries(
      repository.environments.map((each) => [each.environment.name, environmentOf(each, repository)]),
    ),
  };
}

/** Terraform's folders as a configuration has them: all inside of one. */
export function insideOf({ layout }: DetectedRepository): {
  readonly infrastructure: string;
  readonly bootstrap: string;
  folder(path: string): string;
} {
  const { bootstrap, environments } = layout;
  const isRoot = environments.some(({ module }) => module.directory === layout.infrastructure);
  const isDeep = layout.infrastructure.includes("/");
  // What the bootstrap will be made in has to be beside the root module, if there is room.
  const infrastructure =
    bootstrap === undefined && isRoot && isDeep
      ? layout.infrastructure.slice(0, layout.infrastructure.lastIndexOf("/"))
      : layout.infrastructure;
  const folder = (path: string) => (infrastructure === "." && path !== "." ? `./${path}` : path);
  return {
    infrastructure,
    folder,
    bootstrap: bootstrap === undefined ? `${infrastructure}/bootstrap` : folder(bootstrap.directory),
  };
}

/** An environment with what its root module makes. */
export interface EnvironmentFindings {
  readonly environment: DetectedEnvironment;
  readonly functions: readonly DetectedFunction[];
  readonly builds: ReadonlyMap<string, DetectedBuild>;
  readonly apis: readonly DetectedApi[];
  readonly tables: readonly DetectedTable[];
}

function environmentOf(findings: EnvironmentFindings, repository: DetectedRepository): EnvironmentInput {
  const { environment, functions, apis, tables } = findings;
  const { folder } = insideOf(repository);
  const { module, stateKey, variableFiles } = environment;
  const [api] = apis;
  const resources = [...new Set((api?.routes ?? []).map(({ path }) => path))]
    .filter((path) => RESOURCE.test(path))
    .sort(byPlace);
  const withOutput = tables.filter((each): each is DetectedTable & { output: string } => each.output !== undefined);
  return {
    terraform: {
      ...{ directory: folder(module.directory), stateKey },
      ...(variableFiles.length > 0 && { variableFiles: variableFiles.map(folder) }),
    },
    protected: !DISPOSABLE.test(environment.name),
    functions: functions.filter(({ isImage }) => !isImage).map((each) => functionOf(each, findings, repository)),
    api: {
      urlOutput: api?.urlOutput ?? "api_url",
      ...(resources.length > 0 && { resources }),
    },
    smoke: proposeSmoke(api).smoke,
    ...(withOutput.length > 0 && {
      data: {
        tables: withOutput.map(({ name, output, restoredVariable }) => ({
          ...{ name, output, migrations: `data/migrations/${name}` },
          ...(restoredVariable && { restoredVariable }),
        })),
      },
    }),
    ...checklistOf(repository),
  };
}

const RESOURCE = /^\/$|^(\/([^/{}]+|\{[\w.:-]+\+?\}))+$/;

/** Fixed paths before those with parameters. */
function byPlace(left: string, right: string): number {
  const rank = (path: string) => (path.includes("+}") ? 2 : path.includes("{") ? 1 : 0);
  return rank(left) - rank(right) || (left < right ? -1 : 1);
}

function checklistOf({ files }: DetectedRepository): Pick<EnvironmentInput, "release"> {
  const manager = packageManagerOf(files);
  return manager === "npm"
    ? {}
    : {
        release: {
          checklist: {
            ...{ tests: [manager, "run", "test"], lint: [manager, "run", "lint"], audit: [manager, "audit", "--json"] },
            validateInfrastructure: [manager, "run", "validate:infrastructure"],
            coverage: { command: [manager, "run", "test:coverage"] },
          },
        },
      };
}

function functionOf(
  each: DetectedFunction,
  { functions, builds, apis }: EnvironmentFindings,
  { files }: DetectedRepository,
): FunctionInput {
  const { name, outputs } = each;
  const { directory, build, artifact } = builds.get(name) ?? {
    ...{ directory: ".", build: [packageManagerOf(files), "run", "build"], artifact: `dist/${name}` },
  };
  const proof =
    functions.length === 1
      ? undefined
      : proofOf(
          each,
          apis.flatMap(({ routes }) => routes),
        );
  return {
    ...{ name, directory, build: [...build], artifact },
    outputs: { ...proposedOutputs(each), ...outputs },
    ...(proof && { proof }),
  };
}

/** What outputs are to be called that are not there. */
export function proposedOutputs({ name }: Pick<DetectedFunction, "name">): {
  functionName: string;
  alias: string;
  artifactBucket: string;
} {
  const prefix = name.replaceAll("-", "_");
  return {
    functionName: `${prefix}_function_name`,
    alias: `${prefix}_function_alias`,
    artifactBucket: "artifact_bucket",
  };
}

/** Asked as API Gateway would ask it: for its health, and for a record that nobody has. */
function proofOf(
  { address }: DetectedFunction,
  routes: readonly DetectedRoute[],
): Exclude<FunctionInput["proof"], "smoke"> {
  const own = routes.filter(
    ({ answeredBy, method }) => answeredBy === address && (method === "GET" || method === "ANY"),
  );
  const health = own.find(({ path }) => isHealth(path));
  const record = own.find(({ path }) => path.includes("{"));
  const invocations = [
    ...(health === undefined ? [] : [invocation("it is healthy", health.path, 200)]),
    ...(record === undefined ? [] : [invocation("what is not there is not found", record.path, 404)]),
  ];
  return invocations.length === 0 ? undefined : { invocations };
}

function invocation(name: string, resource: string, statusCode: number) {
  const parameters = [...resource.matchAll(/\{([\w.:-]+)\+?\}/g)].map(([, parameter = ""]) => parameter);
  return {
    name,
    payload: {
      ...{ resource, path: withNobody(resource), httpMethod: "GET", headers: {}, queryStringParameters: null },
      pathParameters: parameters.length === 0 ? null : Object.fromEntries(parameters.map((each) => [each, NOBODY])),
      ...{ requestContext: { httpMethod: "GET", resourcePath: resource }, body: null, isBase64Encoded: false },
    },
    expect: { jsonSubset: { statusCode } },
  };
}

/** What a smoke test could do with a record, in the environment that must not fail. */
export function proposedLife({ environments }: DetectedRepository): RecordLife | undefined {
  const primary = environments.at(-1);
  const [api] = primary?.apis ?? [];
  return primary && api && recordLife(api, primary.tables, primary.functions.length === 1);
}
