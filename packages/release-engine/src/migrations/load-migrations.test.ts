import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadMigrations } from "./load-migrations.ts";

let folder: TemporaryFolder;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => folder[Symbol.dispose]());

const CONTENT = `export const migration = {
  id: "0001-kind",
  phase: "expand",
  description: "Gives each record a kind.",
  backfill: { change: (record: object) => ({ ...record, kind: "item" }) },
};
`;
const write = (name: string, content: string) => writeFileSync(join(folder.path, name), content);
const spoil = (from: string, to: string) => write("0001-kind.ts", CONTENT.replace(from, to));

describe("loadMigrations", () => {
  it("loads every migration, and nothing else", async () => {
    write("0001-kind.ts", CONTENT);
    write("0002-b.ts", CONTENT.replace("0001-kind", "0002-b"));
    write("0002-b.test.ts", "throw new Error();");
    write("README.md", "# no migration");
    const loaded = await loadMigrations(folder.path);
    expect(loaded.map(({ migration }) => migration.id)).toEqual(["0001-kind", "0002-b"]);
    expect(new Set(loaded.map(({ digest }) => digest)).size).toBe(2);
  });

  it("knows a file again whose line ends a checkout has changed", async () => {
    write("0001-kind.ts", CONTENT);
    const [one] = await loadMigrations(folder.path);
    write("0001-kind.ts", CONTENT.replaceAll("\n", "\r\n"));
    const [other] = await loadMigrations(folder.path);
    expect(other?.digest).toBe(one?.digest);
  });

  it.each<[string, string, string]>([
    ["0001-kind", "1-kind", "id: expected four digits and a name, such as 0001-kind-of-record"],
    ['"0001-kind"', '"0001-other"', "id: is 0001-other, and the file is called 0001-kind.ts; expected the same"],
    ['phase: "expand"', 'phase: "explode"', "phase: expected expand or contract"],
    ['phase: "expand"', 'phase: "contract"', "needs: is missing: a contraction has to name the expansion that it ends"],
    [
      'phase: "expand",',
      'phase: "expand", needs: { migration: "0000-a", doneForHours: 1 },',
      "needs: is for contractions only",
    ],
    [
      'phase: "expand",',
      'phase: "contract", needs: { migration: "0002-a", doneForHours: 1 },',
      "needs: expected a migration before 0001-kind, and 0002-a is not",
    ],
    ["backfill: {", "backfil: {", "backfil: is not a known key here; known keys: id, phase"],
    ["backfill: {", "backfill: { select: {},", "backfill.select: expected present, missing or equals"],
    [
      'change: (record: object) => ({ ...record, kind: "item" })',
      "change: true",
      "backfill.change: expected a function",
    ],
    ["export const migration", "export const migrate", "the file does not export migration"],
    ["export", 'import { x } from "./helper.ts";\nexport', "it imports ./helper.ts: a migration has to stand alone"],
    ["export", 'throw new TypeError("early");\nexport', "TypeError: early"],
  ])("refuses %s as %s", async (from, to, why) => {
    spoil(from, to);
    const failure = await loadMigrations(folder.path).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "usage", what: expect.stringContaining("0001-kind.ts is not valid") });
    expect((failure as Error).message).toContain(why);
  });

  it("says when there is no such folder", async () => {
    await expect(loadMigrations(join(folder.path, "nowhere"))).rejects.toThrow("there is no such folder of migrations");
  });
});
