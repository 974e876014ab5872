import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";

const CREDENTIAL_CHAIN = "@aws-sdk/credential-provider-node";
const CREDENTIALS = "src/store/default-credentials.ts";

/**
 * What the SDK would import the first time that an operation streams events. DynamoDB has no such operation. Left out, it takes 20 KB
 * along, and spares the rest of the SDK the wrapping that a bundle needs around modules which are loaded on demand: a quarter of the
 * import.
 */
const EVENT_STREAMS = "@smithy/core/event-streams";

/**
 * Bundles the handler of a workspace folder into `dist/index.cjs`, the one file that is shipped (handler string
 * `index.handler`). Its source map goes to `sourcemaps/`, outside of what is zipped.
 *
 * - Same sources, same bytes, in any folder: nothing in the bundle names a path.
 * - Everything is inside, also the AWS SDK: the runtime's own copy changes without notice.
 * - CommonJS from ES sources, as measured: it starts a quarter faster than an ES bundle, and ES sources
 *   (`mainFields`) shed a third of the SDK.
 * - Without what never runs in it: all credential providers but one (src/store/default-credentials.ts), and event streams.
 *
 * @returns the size of the bundle in bytes
 */
export async function buildBundle(folder: string): Promise<number> {
  const result = await build({
    absWorkingDir: folder,
    entryPoints: ["src/handler.ts"],
    outfile: "dist/index.cjs",
    bundle: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    mainFields: ["module", "main"],
    minify: true,
    legalComments: "none",
    sourcemap: "external",
    metafile: true,
    logLevel: "warning",
    tsconfigRaw: {},
    external: [EVENT_STREAMS],
    plugins: [lambdaCredentials(folder)],
  });

  assertTrimmed(result.metafile);
  let size = 0;
  await Promise.all(
    ["dist", "sourcemaps"].map((name) => rm(path.join(folder, name), { recursive: true, force: true })),
  );
  for (const file of result.outputFiles) {
    const isMap = file.path.endsWith(".map");
    if (!isMap) size = file.contents.length;
    const target = path.join(folder, isMap ? "sourcemaps" : "dist", path.basename(file.path));
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, file.contents);
  }
  return size;
}

/**
 * Both ways of leaving something out depend on how the SDK asks for it, which may change with any release of it.
 *
 * @throws {Error} when the SDK asks otherwise now, so that more would be shipped, or less than is needed
 */
function assertTrimmed({ inputs, outputs }: Metafile): void {
  const left = Object.values(outputs).flatMap(({ imports }) =>
    imports.filter(({ path: name }) => name === EVENT_STREAMS),
  );
  const problem = !Object.keys(inputs).some((input) => input.endsWith(CREDENTIALS))
    ? `${CREDENTIAL_CHAIN} any more: see whether ${CREDENTIALS} is still of use`
    : left.length === 0 || left.some(({ kind }) => kind !== "dynamic-import")
      ? `${EVENT_STREAMS} on demand any more: see whether it can still be left out`
      : undefined;
  if (problem !== undefined) throw new Error(`The SDK does not ask for ${problem}.`);
}

/** Resolves the SDK's chain of credential providers to the one of them that Lambda needs. */
function lambdaCredentials(folder: string): Plugin {
  return {
    name: "lambda-credentials",
    setup({ onResolve }) {
      onResolve({ filter: new RegExp(`^${CREDENTIAL_CHAIN}$`) }, () => ({ path: path.join(folder, CREDENTIALS) }));
    },
  };
}
