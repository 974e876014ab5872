import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type EnvironmentWork, environmentWork } from "../target/environment-work.ts";
import type { ReleasePlace } from "./open-release.ts";
import type { ReleaseAccess } from "./release-access.ts";

/** Terraform and its folder, which on local AWS only one command at a time may work in. */
export interface ReleaseInfrastructure {
  /** Takes it, unless it is taken already. */
  open(): Promise<EnvironmentWork>;
  /** Plans, and throws the plan away. */
  wouldChange(signal: AbortSignal): Promise<{ readonly changed: boolean; readonly summary: string }>;
  /** Lets others have it. */
  release(): void;
}

/** The infrastructure of a release; nothing is taken before it is asked for. */
export function releaseInfrastructure(place: ReleasePlace, access: ReleaseAccess): ReleaseInfrastructure {
  let taken: EnvironmentWork | undefined;
  const open = async () => {
    const { local } = access;
    taken ??= await environmentWork({ ...place, ...(local === undefined ? {} : { identities: local.identities }) });
    return taken;
  };
  return {
    open,
    async wouldChange(signal) {
      const { terraform, init, planFile, variables } = await open();
      const file = join(dirname(planFile), `look-${process.pid}.tfplan`);
      const onLine = () => {};
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      try {
        const workspace = await terraform.init({ ...init, onLine, signal });
        const { changed, counts } = await workspace.plan({ planFile: file, variables, onLine, signal });
        const summary = `${counts.add} to add, ${counts.change} to change, ${counts.destroy} to destroy`;
        return { changed, summary };
      } finally {
        await rm(file, { force: true });
      }
    },
    release() {
      taken?.release();
      taken = undefined;
    },
  };
}
