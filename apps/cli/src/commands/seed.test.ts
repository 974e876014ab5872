import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DataRepository, dataRepository } from "../test/data-repository.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";

let fixture: LocalAwsFixture;
let repository: DataRepository;

beforeAll(async () => {
  fixture = await localAwsFixture();
  repository = await dataRepository(fixture.localAws.endpoint);
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

  it("puts nothing when a single record is wrong, and names it with its place", async () => {
    seedWith({ id: "order-2", total: 5 }, { id: "order-3", total: "5" });
    const { code, stdout, stderr } = await repository.run("seed", "play");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("[1].total: expected N, and it is S");
    seedWith({ id: "order-2", total: 5 });
    expect((await repository.run("seed", "play")).stdout).toBe("orders-live: 1 records put, 0 were there already\n");
  });

  it("puts what is missing, leaves what is there, and changes nothing the second time", async () => {
    seedWith({ id: "order-1", total: 9 }, { id: "order-2", total: 5 }, { id: "order-3", total: 7 });
    const first = await repository.run("seed", "play", "--output", "json");
    expect(JSON.parse(first.stdout)).toMatchObject({ tables: [{ tableName: "orders-live", put: 1, there: 2 }] });
    const second = await repository.run("seed", "play");
    expect([second.code, second.stdout]).toEqual([0, "orders-live: 0 records put, 3 were there already\n"]);
    expect(second.stderr).toContain("seed orders-live - nothing to do");
  });
});
