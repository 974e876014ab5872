import { build } from "esbuild";
import { zipSync } from "fflate";

/** A date for every file in a package: the same source gives the same bytes. */
const ANY_DAY = new Date("2020-01-01T00:00:00");

/**
 * Bundles a function's TypeScript with all that it imports, as a team would ship it.
 *
 * @param source - path of the TypeScript file
 * @param file - the bundle's name in the package, without its ending (`collector` for a handler `collector.collect`)
 * @param constants - names in the source and the texts that stand for them
 * @returns the zip
 */
export async function bundleFunction(
  source: string,
  file: string,
  constants: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    minify: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    define: Object.fromEntries(Object.entries(constants).map(([name, text]) => [name, JSON.stringify(text)])),
    logLevel: "silent",
  });
  return packageOf({ [`${file}.js`]: outputFiles[0]?.contents ?? new Uint8Array() });
}

/** A deployment package of these files, the same bytes every time. */
export function packageOf(files: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
  const entries = Object.entries(files).map(([name, content]) => [
    name,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  ]);
  return zipSync(Object.fromEntries(entries), { mtime: ANY_DAY });
}
