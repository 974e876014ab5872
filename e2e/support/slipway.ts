import { node22, repositoryRoot, slipwayProgram } from "./repository.ts";
import { mustRun, type Ran, type RunOptions, runProgram } from "./run-program.ts";

const NODE_FLAGS = ["--disable-warning=ExperimentalWarning"];

/** Runs `slipway WORDS...` as a person would, whatever its exit code. */
export function slipway(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return runProgram(node22, [...NODE_FLAGS, slipwayProgram, ...words], { cwd: repositoryRoot, ...options });
}

/** Runs a `slipway` command that has to succeed, and gives its standard output. */
export async function mustSlipway(words: readonly string[], options: RunOptions = {}): Promise<string> {
  const args = [...NODE_FLAGS, slipwayProgram, ...words];
  const { stdout } = await mustRun(node22, args, { cwd: repositoryRoot, ...options });
  return stdout;
}
