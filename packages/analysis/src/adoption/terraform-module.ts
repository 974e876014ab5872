import { posix } from "node:path";
import {
  type HclBlock,
  type HclObject,
  HclReference,
  type HclScope,
  type HclValue,
  isHclObject,
  UNKNOWN,
} from "../hcl/hcl-value.ts";
import { readHcl } from "../hcl/read-hcl.ts";
import { readTerraformJson } from "../hcl/read-terraform-json.ts";
import type { RepositoryFiles } from "./repository-files.ts";

/** One of what a resource block makes, with what its arguments may ask for. */
export interface TerraformInstance {
  readonly resource: TerraformResource;
  /** Of `for_each`, or of `count`; undefined where there is only one. */
  readonly key: string | undefined;
  /** The value of an argument; `UNKNOWN` where only an apply would know it, undefined where it is not given. */
  argument(name: string): HclValue | undefined;
}

/** A resource block. */
export interface TerraformResource {
  readonly type: string;
  readonly name: string;
  /** Address of its module; empty for the root. */
  readonly module: string;
  /** As people and Terraform call it. */
  readonly address: string;
  readonly file: string;
  readonly block: HclBlock;
  readonly scope: HclScope;
  readonly instances: readonly TerraformInstance[];
}

/** A root module as its code has it, with the modules that it calls. */
export interface TerraformModule {
  readonly directory: string;
  /** Its own blocks, with their files. */
  readonly blocks: readonly { readonly file: string; readonly block: HclBlock }[];
  /** Those of the modules that it calls, too. */
  readonly resources: readonly TerraformResource[];
  readonly outputs: Readonly<Record<string, HclValue>>;
  /** Folders of the modules that it calls. */
  readonly modules: readonly string[];
  /** Sources of modules that are not in this repository. */
  readonly elsewhere: readonly string[];
  readonly scope: HclScope;
}

/** A file that is not read, and why. */
export interface UnreadFile {
  readonly file: string;
  readonly why: string;
}

/** Arguments of a module's call that are not for the module. */
const META_ARGUMENTS = new Set(["source", "version", "providers", "count", "for_each", "depends_on"]);
const DEEPEST = 12;

/** What files say, each read once. */
export class TerraformFiles {
  readonly #files: RepositoryFiles;
  readonly #read = new Map<string, readonly HclBlock[]>();
  /** Those known before, and those that turn out not to be readable. */
  readonly unread: UnreadFile[];

  /** @param unread files that are known not to have been read: nothing is looked for in them */
  constructor(files: RepositoryFiles, unread: readonly UnreadFile[] = []) {
    this.#files = files;
    this.unread = [...unread];
    for (const { file } of unread) {
      this.#read.set(file, []);
    }
  }

  /** The blocks of a folder's `.tf` and `.tf.json` files. */
  blocksIn(directory: string): TerraformModule["blocks"] {
    return [...this.#files.keys()]
      .filter((file) => isTerraform(file) && posix.dirname(file) === directory)
      .sort()
      .flatMap((file) => this.blocksOf(file).map((block) => ({ file, block })));
  }

  blocksOf(file: string): readonly HclBlock[] {
    let blocks = this.#read.get(file);
    if (blocks === undefined) {
      try {
        const text = this.#files.get(file) ?? "";
        if (text === "" && file.endsWith(".json")) {
          throw new Error("it is empty");
        }
        blocks = (file.endsWith(".json") ? readTerraformJson(text) : readHcl(text)).blocks;
      } catch (error) {
        this.unread.push({ file, why: error instanceof Error ? error.message : String(error) });
        blocks = [];
      }
      this.#read.set(file, blocks);
    }
    return blocks;
  }

  /** Folders with Terraform in them. */
  get directories(): readonly string[] {
    const tf = [...this.#files.keys()].filter(isTerraform);
    return [...new Set(tf.map((file) => posix.dirname(file)))].sort();
  }

  /** Opens a root module with values for its variables; those without are references to themselves. */
  open(directory: string, given: HclObject = {}): TerraformModule {
    return this.#open(directory, "", given, directory);
  }

  #open(directory: string, address: string, given: HclObject, root: string, depth = 0): TerraformModule {
    const blocks = this.blocksIn(directory);
    const ofType = (type: string) => blocks.filter(({ block }) => block.type === type).map(({ block }) => block);
    const inner: TerraformModule[] = [];
    const elsewhere: string[] = [];
    const variables: Record<string, HclValue> = {};
    for (const {
      labels: [name = ""],
      body,
    } of ofType("variable")) {
      const byDefault = body.attributes.get("default");
      variables[name] =
        given[name] !== undefined
          ? given[name]
          : byDefault === undefined
            ? new HclReference(address, ["var", name])
            : evaluated(byDefault, NOTHING);
    }
    const locals = lazily(
      new Map(
        ofType("locals").flatMap(({ body }) =>
          [...body.attributes].map(([name, value]) => [name, () => evaluated(value, scope)]),
        ),
      ),
    );
    const modules: Record<string, HclValue> = {};
    const scope: HclScope = (name) =>
      ({
        var: variables,
        local: locals,
        module: modules,
        path: { module: directory, root, cwd: "." },
      })[name] ?? new HclReference(address, [name]);
    for (const block of ofType("module")) {
      const [name = ""] = block.labels;
      const source = argumentOf(block, "source", scope);
      const below = `${address === "" ? "" : `${address}.`}module.${name}`;
      if (typeof source !== "string" || !source.startsWith(".") || depth > DEEPEST) {
        elsewhere.push(typeof source === "string" ? source : name);
        modules[name] = new HclReference(address, ["module", name]);
        continue;
      }
      const folder = posix.join(directory, source);
      const opened = instancesOf(block, scope).map(({ key, scope: own }) => {
        const args = [...block.body.attributes].filter(([each]) => !META_ARGUMENTS.has(each));
        const values: HclObject = Object.fromEntries(args.map(([each, value]) => [each, evaluated(value, own)]));
        const at = key === undefined ? below : `${below}[${JSON.stringify(key)}]`;
        return { key, module: this.#open(folder, at, withoutNulls(values), root, depth + 1) };
      });
      inner.push(...opened.map(({ module }) => module));
      const [first] = opened;
      modules[name] = block.body.attributes.has("count")
        ? opened.map(({ module }) => module.outputs)
        : block.body.attributes.has("for_each")
          ? Object.fromEntries(opened.map(({ key = "", module }) => [key, module.outputs]))
          : (first?.module.outputs ?? UNKNOWN);
    }
    const resources = blocks.flatMap(({ file, block }) =>
      block.type === "resource" ? [resourceOf(file, block, address, scope)] : [],
    );
    const outputs = lazily(
      new Map(
        ofType("output").map(({ labels: [name = ""], body }) => [
          name,
          () => evaluated(body.attributes.get("value") ?? (() => UNKNOWN), scope),
        ]),
      ),
    );
    return {
      ...{ directory, blocks, outputs, scope },
      resources: [...resources, ...inner.flatMap((each) => each.resources)],
      modules: [...new Set(inner.flatMap((each) => [each.directory, ...each.modules]))],
      elsewhere: [...elsewhere, ...inner.flatMap((each) => each.elsewhere)],
    };
  }
}

/** Whether Terraform reads it as code, in one of its two syntaxes. */
export function isTerraform(file: string): boolean {
  return /\.tf(\.json)?$/.test(file);
}

const NOTHING: HclScope = () => UNKNOWN;

function resourceOf(file: string, block: HclBlock, module: string, scope: HclScope): TerraformResource {
  const [type = "", name = ""] = block.labels;
  const address = `${module === "" ? "" : `${module}.`}${type}.${name}`;
  const instances: TerraformInstance[] = [];
  const resource = { type, name, module, address, file, block, scope, instances };
  for (const { key, scope: own } of instancesOf(block, scope)) {
    instances.push({ resource, key, argument: (argument) => argumentOf(block, argument, own) });
  }
  return resource;
}

/** One for each key of `for_each`, or number of `count`; one without a key where it is not known which there are. */
function instancesOf(
  block: HclBlock,
  scope: HclScope,
): { readonly key: string | undefined; readonly scope: HclScope }[] {
  const each = argumentOf(block, "for_each", scope);
  const entries = Array.isArray(each)
    ? each.map((value) => [String(value), value] as const)
    : isHclObject(each)
      ? Object.entries(each)
      : undefined;
  if (entries !== undefined) {
    return entries.map(([key, value]) => ({
      key,
      scope: (root) => (root === "each" ? { key, value } : scope(root)),
    }));
  }
  const count = argumentOf(block, "count", scope);
  if (typeof count === "number") {
    return Array.from({ length: count }, (_, index) => ({
      key: String(index),
      scope: (root) => (root === "count" ? { index } : scope(root)),
    }));
  }
  return [{ key: undefined, scope }];
}

function argumentOf(block: HclBlock, name: string, scope: HclScope): HclValue | undefined {
  const expression = block.body.attributes.get(name);
  return expression === undefined ? undefined : evaluated(expression, scope);
}

/** What cannot be evaluated is not known. */
function evaluated(expression: (scope: HclScope) => HclValue, scope: HclScope): HclValue {
  try {
    return expression(scope);
  } catch {
    return UNKNOWN;
  }
}

/** An object whose members are evaluated when they are asked for, each once; one that needs itself is not known. */
function lazily(members: ReadonlyMap<string, () => HclValue>): HclObject {
  const object: HclObject = {};
  for (const [name, evaluate] of members) {
    let value: HclValue | undefined;
    Object.defineProperty(object, name, {
      enumerable: true,
      get() {
        if (value === undefined) {
          value = UNKNOWN;
          value = evaluate();
        }
        return value;
      },
    });
  }
  return object;
}

/** An argument that is null is one that is not given. */
function withoutNulls(values: HclObject): HclObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
