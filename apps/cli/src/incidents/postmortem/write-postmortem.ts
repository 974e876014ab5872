import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import type { Postmortem } from "@slipway/contracts";
import { UserError } from "../../user-error.ts";
import { incidentCharts } from "./incident-charts.ts";
import { type PostmortemLook, renderPostmortem } from "./render-postmortem.ts";

/** Where a post-mortem is written. */
export interface PostmortemPlace extends Pick<PostmortemLook, "zone" | "flags"> {
  /** Of the Markdown, as it was typed. */
  readonly out?: string;
  /** What `out` is relative to. */
  readonly cwd: string;
  /** Where the folder `docs/postmortems` is, for one that is written where they belong. */
  readonly repository: string;
  /** Whether one that is there is written anew. */
  readonly overwrite: boolean;
}

/** What was written, as paths from where somebody types. */
export interface WrittenPostmortem {
  readonly markdown: string;
  readonly charts: readonly string[];
}

const NAME = "postmortem.md";

/**
 * Writes a post-mortem with its charts beside it. People fill in what only they know: one that is there is left alone, unless they say so.
 *
 * @throws UserError when it is there, or cannot be written
 */
export async function writePostmortem(postmortem: Postmortem, place: PostmortemPlace): Promise<WrittenPostmortem> {
  const { cwd, repository, out, overwrite, zone, flags } = place;
  const { environment, incident } = postmortem;
  const file =
    out === undefined ? join(repository, "docs", "postmortems", `${environment}-${incident}`, NAME) : resolve(cwd, out);
  const folder = dirname(file);
  // Several may lie in one folder: each chart is named after its own.
  const stem = basename(file, extname(file));
  const prefix = basename(file) === NAME ? "" : `${stem}-`;
  const charts = incidentCharts(postmortem).map(({ file: name, ...chart }) => ({ ...chart, path: `${prefix}${name}` }));
  const markdown = renderPostmortem(postmortem, { zone, flags, charts });
  const shown = (path: string) => relative(cwd, path) || path;
  const flag = overwrite ? "w" : "wx";
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, markdown, { flag });
    for (const { path, svg } of charts) {
      await writeFile(join(folder, path), svg, { flag: "w" });
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    if (code === undefined) {
      throw error;
    }
    throw new UserError(
      code === "EEXIST" && !overwrite
        ? `--out: ${shown(file)} is there already, perhaps with what people have filled in. Write it elsewhere with --out FILE, or anew with --overwrite.`
        : `--out: ${shown(file)} cannot be written: ${code}.`,
    );
  }
  return { markdown: shown(file), charts: charts.map(({ path }) => shown(join(folder, path))) };
}
