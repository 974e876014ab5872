import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { array, assert, asyncProperty, constantFrom, integer, option, record } from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StartedExports, startExports } from "./start-exports.ts";

const MINUTE_MS = 60_000;
let started: StartedExports;

beforeAll(async () => {
  started = await startExports();
});

afterAll(() => started.close());

/** The naive model: all values of the table after each step, and the second that it ends with. */
interface Moment {
  readonly at: Date;
  readonly values: ReadonlyMap<string, string>;
}

const step = record({
  /** Several within a step, so that items change more than once. */
  writes: array(record({ id: constantFrom("a", "b", "c", "d"), value: option(constantFrom("x", "y", "z")) }), {
    maxLength: 5,
  }),
  minutes: integer({ min: 16, max: 60 }),
});

async function play(TableName: string, steps: readonly Step[]) {
  const { clock } = started.core;
  const values = new Map<string, string>();
  const moments: Moment[] = [];
  const keep = async () => {
    // A write of this very millisecond is before the second that comes next.
    const at = Math.floor(clock.now() / 1000) * 1000 + 1000;
    moments.push({ at: new Date(at), values: new Map(values) });
    await clock.advance(at - clock.now() + 1);
  };
  await keep();
  await clock.advance(16 * MINUTE_MS);
  for (const { writes, minutes } of steps) {
    for (const { id, value } of writes) {
      const key = { id: { S: id } };
      if (value === null) {
        await started.db.client.send(new DeleteItemCommand({ TableName, Key: key }));
        values.delete(id);
      } else {
        await started.db.client.send(new PutItemCommand({ TableName, Item: { ...key, value: { S: value } } }));
        values.set(id, value);
      }
    }
    await keep();
    await clock.advance(minutes * MINUTE_MS);
  }
  return moments;
}

interface Step {
  readonly writes: readonly { readonly id: string; readonly value: string | null }[];
  readonly minutes: number;
}

async function exported(input: Parameters<StartedExports["start"]>[0]): Promise<Map<string, Line>> {
  const ended = await started.end((await started.start(input)).ExportArn);
  expect(ended.ExportStatus).toBe("COMPLETED");
  const lines = (await started.filesOf(ended)).flatMap(({ lines: each }) => each.map((line): Line => JSON.parse(line)));
  expect(ended.ItemCount).toBe(lines.length);
  const byId = new Map(lines.map((line) => [(line.Item ?? line.Keys)?.id?.S ?? "", line]));
  expect(byId.size).toBe(lines.length);
  return byId;
}

type Image = Readonly<Record<string, { readonly S: string }>>;

interface Line {
  readonly Item?: Image;
  readonly Keys?: Image;
  readonly OldImage?: Image;
  readonly NewImage?: Image;
}

test("exports say what a naive model of the table says, for every window and moment", async () => {
  let run = 0;
  await assert(
    asyncProperty(array(step, { minLength: 2, maxLength: 4 }), integer(), integer(), async (steps, one, other) => {
      run += 1;
      const name = `table-${run}`;
      const TableArn = await started.recoverable(name);
      await started.core.clock.advance(1000);
      const moments = await play(name, steps);
      const [first, second] = [Math.abs(one) % moments.length, Math.abs(other) % moments.length];
      const [begin, end] = first < second ? [first, second] : [0, moments.length - 1];
      const [from, to] = [moments[begin] as Moment, moments[end] as Moment];
      const written = new Set<string>(steps.slice(begin, end).flatMap(({ writes }) => writes.map(({ id }) => id)));

      const changes = await exported({
        ...{ TableArn, ExportType: "INCREMENTAL_EXPORT" },
        IncrementalExportSpecification: { ExportFromTime: from.at, ExportToTime: to.at },
      });
      const full = await exported({ TableArn, ExportTime: to.at });

      const valuesOf = (image: "OldImage" | "NewImage" | "Item", lines: Map<string, Line>) =>
        new Map([...lines].flatMap(([id, line]) => (line[image] === undefined ? [] : [[id, line[image].value?.S]])));
      const only = (values: ReadonlyMap<string, string>) => new Map([...values].filter(([id]) => written.has(id)));
      expect(valuesOf("OldImage", changes)).toEqual(only(from.values));
      expect(valuesOf("NewImage", changes)).toEqual(only(to.values));
      expect([...changes.keys()].filter((id) => !from.values.has(id) && !to.values.has(id))).toEqual([]);
      expect(valuesOf("Item", full)).toEqual(to.values);
    }),
    { numRuns: 3 },
  );
}, 180_000);
