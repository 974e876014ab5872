import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Remembers with what a folder was initialised, so that `terraform init`, which starts every provider's installation again,
 * is run only when something changed that it reads.
 *
 * It lies in `.terraform`, beside what `init` made: who deletes that deletes the memory too.
 */
export class InitStamp {
  readonly #directory: string;
  readonly #settings: readonly string[];

  /** @param settings whatever else `init` depends on: its arguments, the contents of backend files, the program's path */
  constructor(directory: string, settings: readonly string[]) {
    this.#directory = directory;
    this.#settings = settings;
  }

  get #file(): string {
    return join(this.#directory, ".terraform/slipway-init.json");
  }

  async isFresh(): Promise<boolean> {
    const stamp = await readFile(this.#file, "utf8").catch(() => "");
    return stamp !== "" && stamp === (await this.#describe());
  }

  /** Call after `init`: it may have changed the lock file and the list of modules. */
  async write(): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(this.#file, await this.#describe());
  }

  async forget(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  async #describe(): Promise<string> {
    const hash = createHash("sha256").update(JSON.stringify(this.#settings));
    for (const folder of [this.#directory, ...(await this.#moduleFolders())]) {
      hash.update(`\nfolder ${folder}\n`);
      for (const file of await configurationFiles(folder)) {
        hash.update(`\nfile ${file}\n`).update(await readFile(join(folder, file)));
      }
    }
    for (const link of await this.#providerPackages()) {
      // A mirror that was moved away leaves links to nothing.
      hash.update(`\nprovider ${link} ${existsSync(link)}\n`);
    }
    return `${JSON.stringify({ version: 1, digest: hash.digest("hex") })}\n`;
  }

  /** The local modules that the last `init` found, by its own list. */
  async #moduleFolders(): Promise<string[]> {
    const list = await readFile(join(this.#directory, ".terraform/modules/modules.json"), "utf8").catch(() => "{}");
    const { Modules = [] }: { Modules?: { Dir: string }[] } = JSON.parse(list);
    const folders = Modules.map(({ Dir }) => join(this.#directory, Dir)).filter((folder) => folder !== this.#directory);
    return [...new Set(folders)].sort();
  }

  /** `.terraform/providers/HOST/NAMESPACE/TYPE/VERSION/PLATFORM`. */
  async #providerPackages(): Promise<string[]> {
    let folders = [join(this.#directory, ".terraform/providers")];
    for (let depth = 0; depth < 5; depth += 1) {
      const below = await Promise.all(
        folders.map(async (folder) => (await readdir(folder).catch(() => [])).map((name) => join(folder, name))),
      );
      folders = below.flat();
    }
    return folders.sort();
  }
}

async function configurationFiles(folder: string): Promise<string[]> {
  const isFolder = await stat(folder).then(
    (each) => each.isDirectory(),
    () => false,
  );
  const names = isFolder ? await readdir(folder) : [];
  return names.filter((name) => /\.tf(\.json)?$/.test(name) || name === ".terraform.lock.hcl").sort();
}
