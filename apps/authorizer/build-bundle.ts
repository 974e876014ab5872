import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

/**
 * Bundles the authorizer into `dist/index.cjs`, the one file that is shipped (handler string `index.handler`). Its source
 * map goes to `sourcemaps/`, outside of what is zipped. Same sources, same bytes, in any folder.
 *
 * @param source the workspace's folder
 * @param target where `dist/` and `sourcemaps/` are made anew
 * @returns the size of the bundle in bytes
 */
export async function buildBundle(source: string, target: string): Promise<number> {
  const { outputFiles } = await build({
    absWorkingDir: source,
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
    logLevel: "warning",
    tsconfigRaw: {},
  });

  let size = 0;
  for (const file of outputFiles) {
    const isMap = file.path.endsWith(".map");
    const folder = path.join(target, isMap ? "sourcemaps" : "dist");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, path.basename(file.path)), file.contents);
    if (!isMap) size = file.contents.length;
  }
  return size;
}
