import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { removeCommitWorktree, worktreesUnder } from "@slipway/aws";
import { tryLock } from "@slipway/local-aws";
import { forgetLocalLedger } from "../ledger/forget-local-ledger.ts";
import { UserError } from "../user-error.ts";

/** What is rehearsed there: one of a kind at a time. */
export type RehearsedKind = "drill" | "gameday";

const prefixOf = (kind: RehearsedKind) => `slipway-${kind}-`;

/** Where a drill works, apart from everything else: outside of the repository, so that nothing in it is found by tools that look upwards. */
export interface DrillPlace {
  /** Absolute path of the folder with everything that the drill makes. */
  readonly folder: string;
  /** Of its local AWS. */
  readonly dataDir: string;
  /** Of the earlier release's files, once they are checked out. */
  readonly worktree: string;
  /** Keeps in mind where its local AWS is, also for who comes after a kill: this machine keeps a copy of that one's ledger in the repository. */
  startedAt(endpoint: string): void;
  /** Takes everything away, unless it is to be kept, and lets the next drill begin. */
  leave(options: { readonly keep: boolean }): Promise<void>;
}

/**
 * Makes a place for a drill, one of a repository at a time, and takes away what an earlier one has left that was killed.
 *
 * @throws UserError when another drill of the repository runs
 */
export async function enterDrillPlace(
  repository: string,
  env: NodeJS.ProcessEnv,
  kind: RehearsedKind = "drill",
): Promise<DrillPlace> {
  const own = join(repository, ".slipway", kind);
  const record = join(own, "place.txt");
  const endpointRecord = join(own, "endpoint.txt");
  mkdirSync(own, { recursive: true });
  const unlock = tryLock(join(own, "lock.sqlite"));
  if (unlock === undefined) {
    throw new UserError(
      `Another ${kind === "drill" ? "drill" : "game day"} of ${repository} runs. Wait for it, or stop it with Ctrl-C where it was typed.`,
    );
  }
  const forget = async () => {
    const endpoint = existsSync(endpointRecord) ? readFileSync(endpointRecord, "utf8").trim() : "";
    if (URL.canParse(endpoint)) {
      await forgetLocalLedger(repository, endpoint);
    }
    rmSync(endpointRecord, { force: true });
  };
  const clear = async (folder: string) => {
    // Also those that commands have made on the drill's local AWS.
    for (const worktree of await worktreesUnder({ repository, env }, folder)) {
      await removeCommitWorktree({ repository, env, folder: worktree });
    }
    rmSync(folder, { recursive: true, force: true });
    rmSync(record, { force: true });
  };
  try {
    const left = leftBehind(record, kind);
    if (left !== undefined) {
      await clear(left);
    }
    await forget();
    const folder = await mkdtemp(join(realpathSync(tmpdir()), prefixOf(kind)));
    writeFileSync(record, folder);
    return {
      folder,
      dataDir: join(folder, "local-aws"),
      worktree: join(folder, "worktree"),
      startedAt: (endpoint) => writeFileSync(endpointRecord, endpoint),
      async leave({ keep }) {
        try {
          await forget();
          if (keep) {
            rmSync(record, { force: true });
          } else {
            await clear(folder);
          }
        } finally {
          unlock();
        }
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The folder of a drill that was killed. Whatever else the file says is not believed: it is deleted. */
function leftBehind(record: string, kind: RehearsedKind): string | undefined {
  const folder = existsSync(record) ? readFileSync(record, "utf8").trim() : "";
  return dirname(folder) === realpathSync(tmpdir()) && basename(folder).startsWith(prefixOf(kind)) ? folder : undefined;
}
