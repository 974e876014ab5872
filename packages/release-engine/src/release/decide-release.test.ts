import { beforeEach, describe, expect, it } from "vitest";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import type { FunctionReader, FunctionState } from "../ports/functions.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import { type DecideReleasePorts, decideRelease } from "./decide-release.ts";

let current: ReleaseRecord;
/** What is looked at, in its order. */
let looks: string[];

beforeEach(async () => {
  const lab = new ReleaseLab(["api-handler"]);
  current = (await lab.deploy()).record;
  looks = [];
});

const state = (version: string, configurationDigest: string | undefined): FunctionState => ({
  ...{
    version,
    codeSha256: "",
    revisionId: "1",
    state: "Active",
    lastUpdateStatus: "Successful",
    role: "r",
    logGroup: "g",
  },
  configurationDigest,
});

interface Seen {
  alias: string;
  weights: Record<string, number>;
  latestConfiguration: string | undefined;
  releasedConfiguration: string | undefined;
  artifacts: readonly (readonly [string, string])[];
  changed: boolean;
}

function portsThatSee(differs: Partial<Seen> = {}): DecideReleasePorts {
  const released = current.functions.map(({ name, artifactSha256 }) => [name, artifactSha256] as const);
  const seen: Seen = {
    ...{
      alias: "2",
      weights: {},
      latestConfiguration: "c",
      releasedConfiguration: "c",
      artifacts: released,
      changed: false,
    },
    ...differs,
  };
  const reader: FunctionReader = {
    readAlias: async () => ({ version: seen.alias, revisionId: "1", weights: seen.weights }),
    readFunction: async (_, version) =>
      version === undefined ? state("$LATEST", seen.latestConfiguration) : state(version, seen.releasedConfiguration),
  };
  return {
    reader,
    packageFunctions: async () => {
      looks.push("package");
      return new Map(seen.artifacts);
    },
    planInfrastructure: async () => {
      looks.push("plan");
      return { changed: seen.changed, summary: "1 to change" };
    },
  };
}

const decide = (differs?: Partial<Seen>) =>
  decideRelease(portsThatSee(differs), { current, source: current.plan.source });

describe("decideRelease", () => {
  it("finds nothing to do where everything is as it was released", async () => {
    expect(await decide()).toEqual({
      release: false,
      because: "r1 runs exactly this, and the infrastructure is as planned",
    });
    expect(looks).toEqual(["package", "plan"]);
  });

  it.each<[string, Partial<Seen>, RegExp]>([
    ["an alias somewhere else", { alias: "1" }, /traffic does not all go to version 2/],
    ["a split traffic", { weights: { "1": 0.1 } }, /traffic does not all go to version 2/],
    ["another configuration", { latestConfiguration: "d" }, /configuration of api-handler/],
    [
      "a configuration that nobody may see",
      { latestConfiguration: undefined, releasedConfiguration: undefined },
      /configuration of api-handler/,
    ],
    ["other code", { artifacts: [["api-handler", "0".repeat(64)]] }, /code of api-handler is not that of r1/],
    ["a function less", { artifacts: [] }, /code of api-handler/],
    ["other infrastructure", { changed: true }, /infrastructure changes: 1 to change/],
  ])("releases because of %s", async (_, differs, because) => {
    expect(await decide(differs)).toEqual({ release: true, because: expect.stringMatching(because) });
  });

  it("releases because of a function more", async () => {
    const artifacts = [
      ...current.functions.map((each) => [each.name, each.artifactSha256] as const),
      ["extra", "1"] as const,
    ];
    expect((await decide({ artifacts })).because).toContain("the code of extra");
  });

  it("releases other files, and the first ones, without looking any further", async () => {
    const source = { ...current.plan.source, tree: "c".repeat(40) };
    expect(await decideRelease(portsThatSee(), { current, source })).toMatchObject({ release: true });
    expect(await decideRelease(portsThatSee(), { current: undefined, source })).toMatchObject({ release: true });
    expect(looks).toEqual([]);
  });
});
