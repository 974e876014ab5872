import { labConfiguration } from "../release/lab-configuration.ts";
import { LabRepository } from "../release/lab-repository.ts";

const BUILT = ["index.mjs", "counted.mjs", "misbehave.mjs", "release.mjs"];
/** What the shop's functions are built by: a game day plants what is bad in what was built. */
const BUILD = `import { cpSync, mkdirSync, rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
for (const file of ${JSON.stringify(BUILT)}) {
  cpSync(file, \`dist/\${file}\`);
}
`;

/** The lab's shop as a repository on which game days can be played: its functions are built by npm. */
export function shopRepository(): LabRepository {
  const shop = new LabRepository(2);
  const configuration = labConfiguration({
    ...{ restorable: true, build: ["npm", "run", "build"] },
    // What is a key of an index cannot be overwritten with what is none.
    variables: { indexes: [] },
  });
  const { live } = configuration.environments;
  if (live?.validation !== undefined) {
    // A slow release lets users wait for 1.5 s.
    live.validation.responseTime = { limitMs: 1_000, slowPercent: 10, unnoticedMs: 500 };
  }
  if (live !== undefined) {
    // What is over is seen to be over by half as many requests.
    live.incidents = { windowMinutes: 3, errorPercent: { medium: 3 } };
  }
  for (const released of live?.functions ?? []) {
    released.artifact = `${released.directory}/dist`;
    const manifest = { name: released.name, private: true, type: "module", scripts: { build: "node build.mjs" } };
    shop.write(`${released.directory}/package.json`, `${JSON.stringify(manifest, undefined, 2)}\n`);
    shop.write(`${released.directory}/build.mjs`, BUILD);
  }
  shop.write(".gitignore", `${shop.read(".gitignore")}dist/\n`);
  shop.commit({ name: "one" });
  shop.configure(configuration);
  shop.commitAll("Build the functions");
  return shop;
}
