import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";

/** Thrown when the Node.js that a runtime needs is not installed; the message says what to do. */
export class NodeMissingError extends Error {
  override readonly name = "NodeMissingError";
}

const run = promisify(execFile);

/** Where to look for Node.js: the process's own, `SLIPWAY_NODE<major>`, then the PATH. */
export interface NodeSearch {
  readonly execPath: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Finds the Node.js executable of a major version, once. */
export type FindNode = (major: number) => Promise<string>;

/** Makes a {@link FindNode} that remembers what it found. */
export function createNodeFinder(
  search: NodeSearch = { execPath: process.execPath, version: process.versions.node, env: process.env },
): FindNode {
  const found = new Map<number, Promise<string>>();
  return (major) => {
    const known = found.get(major);
    if (known !== undefined) {
      return known;
    }
    const looking = find(major, search);
    found.set(major, looking);
    // Not found may be installed by the next invocation.
    looking.catch(() => found.delete(major));
    return looking;
  };
}

async function find(major: number, { execPath, version, env }: NodeSearch): Promise<string> {
  const variable = `SLIPWAY_NODE${major}`;
  const named = env[variable];
  if (named !== undefined && named !== "") {
    const actual = await majorOf(named);
    if (actual === major) {
      return named;
    }
    const what = actual === undefined ? "cannot be run" : `is Node.js ${actual}`;
    throw new NodeMissingError(
      `${variable} names ${named}, which ${what}. Set ${variable} to the executable of a Node.js ${major}, or unset it.`,
    );
  }
  if (Number(version.split(".")[0]) === major) {
    return execPath;
  }
  for (const folder of (env.PATH ?? "").split(delimiter).filter(isAbsolute)) {
    for (const name of [`node${major}`, `node-${major}`, "node", "nodejs"]) {
      const candidate = join(folder, name);
      if (isExecutable(candidate) && (await majorOf(candidate)) === major) {
        return candidate;
      }
    }
  }
  throw new NodeMissingError(
    `The runtime nodejs${major}.x needs Node.js ${major}, and none was found on the PATH. Install Node.js ${major} and set ${variable} to its executable, or use the runtime nodejs${version.split(".")[0]}.x, which is installed.`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function majorOf(executable: string): Promise<number | undefined> {
  try {
    const { stdout } = await run(executable, ["--version"], { timeout: 5000 });
    const match = /^v(\d+)\./.exec(stdout);
    return match === null ? undefined : Number(match[1]);
  } catch {
    return undefined;
  }
}
