import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DataRepository, dataRepository } from "../test/data-repository.ts";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";
import { type StateFixture, stateFixture } from "../test/state-fixture.ts";

let fixture: LocalAwsFixture;
let aws: StateFixture;
let repository: DataRepository;

beforeAll(async () => {
  fixture = await localAwsFixture();
  aws = await stateFixture(fixture.localAws.endpoint);
  repository = await dataRepository(fixture.localAws.endpoint, aws);
  repository.write(
    "table.json",
    JSON.stringify({
      ...{ description: "Orders.", partitionKey: "id", keyTypes: { id: "S" }, indexes: {} },
      records: {
        order: {
          description: "An order.",
          attributes: {
            id: { type: "S", description: "Key.", pattern: "order-\\d+" },
            total: { type: "N", description: "In cents.", minimum: 0 },
          },
        },
      },
    }),
  );
});

afterAll(async () => {
  repository?.close();
  aws?.close();
  await fixture.close();
});

const seedWith = (...records: object[]) => repository.write("seed.json", JSON.stringify(records));

describe("slipway seed", () => {
  it("refuses a protected environment, and names one that is not", async () => {
    const { code, stderr } = await runSlipway(["seed", "prod"]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "environments.prod.protected: is true, and seed records are no data of a protected environment",
    );
    expect(stderr).toContain("slipway seed dev");
  });

  it("takes no table but the environment's own, which may be a protected one's", async () => {
    seedWith({ id: "order-2", total: 5 });
    const named = await repository.run("seed", "play", "--table-name", "orders=orders-live");
    expect([named.code, named.stdout]).toEqual([2, ""]);
    expect(named.stderr).toContain("--table-name");
    expect(await repository.ids("orders-live")).toEqual(["order-1"]);

    const lost = await repository.run("seed", "lost");
    expect(lost.code).toBe(1);
    expect(lost.stderr).toContain("There is no state s3://terraform-state/lost/terraform.tfstate");
    expect(lost.stderr).not.toContain("--table-name");
  });

  it("puts nothing when a single record is wrong, and names it with its place", async () => {
    seedWith({ id: "order-2", total: 5 }, { id: "order-3", total: "5" });
    const { code, stdout, stderr } = await repository.run("seed", "play");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("[1].total: expected N, and it is S");
    seedWith({ id: "order-2", total: 5 });
    expect((await repository.run("seed", "play")).stdout).toBe("orders-play: 1 records put, 0 were there already\n");
  });

  it("puts what is missing, leaves what is there, and changes nothing the second time", async () => {
    seedWith({ id: "order-1", total: 9 }, { id: "order-2", total: 5 }, { id: "order-3", total: 7 });
    const first = await repository.run("seed", "play", "--output", "json");
    await golden("seed", first.stdout);
    expect(JSON.parse(first.stdout)).toMatchObject({ tables: [{ tableName: "orders-play", put: 1, there: 2 }] });
    const second = await repository.run("seed", "play");
    expect([second.code, second.stdout]).toEqual([0, "orders-play: 0 records put, 3 were there already\n"]);
    expect(await repository.ids("orders-play")).toEqual(["order-1", "order-2", "order-3"]);
    expect(second.stderr).toContain("seed orders-play - nothing to do");
  });
});
