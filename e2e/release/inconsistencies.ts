import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { LAB_ENVIRONMENT, LAB_LEDGER_TABLE, LAB_STATE, type Lab } from "./lab.ts";

/** Something that a release may leave behind, and must not. */
export interface Inconsistency {
  readonly what: string;
  /** What `expectConsistent` has to say of it. */
  readonly says: RegExp;
  /** Makes it so. @returns how to take away what coming back to a moment does not */
  make(lab: Lab): Promise<(() => void) | undefined>;
}

const FunctionName = "shop-orders";

/** Each of what `expectConsistent` looks for. */
export const inconsistencies: readonly Inconsistency[] = [
  {
    ...{ what: "a weight that was left", says: /no weights are left/ },
    async make({ clients: { lambda } }) {
      await lambda.send(
        new UpdateAliasCommand({
          ...{ FunctionName, Name: "live" },
          RoutingConfig: { AdditionalVersionWeights: { "1": 0.1 } },
        }),
      );
      return undefined;
    },
  },
  {
    ...{ what: "an alias at another version", says: /the version behind the alias is the ledger's/ },
    async make({ clients: { lambda } }) {
      await lambda.send(new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
      return undefined;
    },
  },
  {
    ...{ what: "a version that was published twice", says: /no version was published twice/ },
    async make({ clients: { lambda } }) {
      // Lambda publishes what has changed: there and back again are two changes.
      const wait = () =>
        waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 0.1 }, { FunctionName });
      for (const Description of ["another", ""]) {
        await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description }));
        await wait();
        await lambda.send(new PublishVersionCommand({ FunctionName }));
      }
      return undefined;
    },
  },
  {
    ...{ what: "a state that went on without the ledger", says: /the state's serial is the one that was written down/ },
    async make(lab) {
      const state = await lab.state();
      await putState(lab, LAB_STATE.key, JSON.stringify({ ...state, serial: state.serial + 1 }));
      return undefined;
    },
  },
  {
    ...{ what: "a lock on the state", says: /no lock on the state/ },
    async make(lab) {
      await putState(lab, `${LAB_STATE.key}.tflock`, "{}");
      return undefined;
    },
  },
  {
    ...{ what: "a lease that goes on", says: /the lease of/ },
    async make(lab) {
      const { entries } = await lab.ledger();
      const taken = entries.find(({ body }) => body.type === "lease.taken")?.body;
      const expiresAt = new Date(Date.now() + 60_000).toISOString();
      const holder = taken?.type === "lease.taken" ? taken.holder : undefined;
      await changeHead(lab, (head) => ({ ...head, lease: { holder, token: 1, takenAt: expiresAt, expiresAt } }));
      return undefined;
    },
  },
  {
    ...{ what: "an entry that was changed", says: /hash of entry 2/ },
    async make(lab) {
      await changeEntry(lab, 2, (entry) => ({ ...entry, by: { name: "Mallory" } }));
      return undefined;
    },
  },
  {
    ...{ what: "a head that is not the last entry's", says: /the head is that of the last entry/ },
    async make(lab) {
      await changeHead(lab, (head) => ({ ...head, sequence: Number(head.sequence) - 1 }));
      return undefined;
    },
  },
  {
    ...{ what: "a plan file", says: /no plan file/ },
    async make(lab) {
      writeFileSync(join(lab.localAws.dataDir, "state/live.tfplan"), "");
      return undefined;
    },
  },
  {
    ...{ what: "a process that goes on", says: /no process is left/ },
    async make(lab) {
      const child = spawn("sleep", ["60"], { cwd: lab.repository.path, stdio: "ignore" });
      return () => child.kill("SIGKILL");
    },
  },
];

async function putState({ clients: { s3 } }: Lab, Key: string, Body: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: LAB_STATE.bucket, Key, Body }));
}

async function changeHead(lab: Lab, change: (head: Record<string, unknown>) => object): Promise<void> {
  await changeRecord(lab, 0, "head", change);
}

async function changeEntry(lab: Lab, sequence: number, change: (entry: Record<string, unknown>) => object) {
  await changeRecord(lab, sequence, "entry", change);
}

async function changeRecord(
  { clients: { dynamodb } }: Lab,
  sequence: number,
  attribute: "head" | "entry",
  change: (value: Record<string, unknown>) => object,
): Promise<void> {
  const Key = { environment: { S: LAB_ENVIRONMENT }, sequence: { N: String(sequence) } };
  const { Item = {} } = await dynamodb.send(new GetItemCommand({ TableName: LAB_LEDGER_TABLE, Key }));
  const value = JSON.parse(Item[attribute]?.S ?? "") as Record<string, unknown>;
  const changed = { ...Item, [attribute]: { S: JSON.stringify(change(value)) } };
  await dynamodb.send(new PutItemCommand({ TableName: LAB_LEDGER_TABLE, Item: changed }));
}
