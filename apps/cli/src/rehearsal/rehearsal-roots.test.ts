import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "@slipway/local-aws";
import { expect, it } from "vitest";
import { temporaryRepository } from "../test/temporary-repository.ts";

/** A Terraform whose plan takes two seconds, and which writes down how it ends, by the endpoint of local AWS. */
const terraform = (folder: string) => `#!/bin/sh
[ "$1" = plan ] || exit 0
at=${folder}/$(basename "$AWS_ENDPOINT_URL")
trap 'echo interrupted >> $at.log; exit 1' INT
echo $$ > $at.new && mv $at.new $at.pid
while [ ! -e ${folder}/go ]; do sleep 0.05; done
for i in $(seq 40); do sleep 0.05; done
echo finished >> $at.log
`;

/** Plans the bootstrap, as a command does, on two local AWS: one is another process, one is in this very one. */
const program = (folder: string) => `
  import { mkdirSync } from "node:fs";
  import { dirname } from "node:path";
  import { rehearsalRoots } from ${JSON.stringify(join(import.meta.dirname, "rehearsal-roots.ts"))};
  const folder = ${JSON.stringify(folder)};
  await Promise.all(Object.entries({ other: 1, own: process.pid }).map(async ([name, pid]) => {
    const roots = await rehearsalRoots({
      repository: folder,
      environment: "prod",
      env: process.env,
      config: {
        infrastructure: "infrastructure",
        bootstrap: { directory: "infrastructure/bootstrap", variables: {} },
        environments: { prod: { terraform: { directory: "infrastructure/prod", variables: {} } } },
      },
      localAws: { pid, dataDir: folder + "/" + name, endpoint: "http://127.0.0.1:1/" + name, region: "us-east-1" },
      setup: { terraform: { path: folder + "/terraform" }, provider: { source: "mirror", dir: folder } },
    });
    const { directory, planFile } = roots.bootstrap;
    const credentials = async () => ({ accessKeyId: "a", secretAccessKey: "s", sessionToken: "t" });
    const onLine = () => {};
    mkdirSync(dirname(planFile), { recursive: true });
    const workspace = await roots.terraform(credentials).init({ directory, onLine });
    await workspace.plan({ planFile, variables: {}, onLine });
  }));
`;

async function until(isSo: () => boolean): Promise<void> {
  for (const endsAt = performance.now() + 100_000; !isSo(); ) {
    expect(performance.now()).toBeLessThan(endsAt);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it("lets Terraform of a killed command come to its end, unless local AWS died with it", async () => {
  const { path, remove } = temporaryRepository();
  const at = (name: string) => join(path, name);
  try {
    for (const root of ["bootstrap", "prod"]) {
      mkdirSync(at(`infrastructure/${root}`), { recursive: true });
      writeFileSync(at(`infrastructure/${root}/main.tf`), "");
    }
    writeFileSync(at("terraform"), terraform(path), { mode: 0o755 });
    const args = ["--input-type=module-typescript", "--disable-warning=ExperimentalWarning", "-e", program(path)];
    const victim = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    const files = ["other.pid", "own.pid"].map(at);
    await until(() => files.every((file) => existsSync(file)) || victim.exitCode !== null);
    const pids = files.map((file) => Number(readFileSync(file, "utf8")));
    victim.kill("SIGKILL");
    writeFileSync(at("go"), "");
    await until(() => !pids.some(isAlive));
    expect(readFileSync(at("other.log"), "utf8")).toBe("finished\n");
    expect(readFileSync(at("own.log"), "utf8")).toBe("interrupted\n");
  } finally {
    remove();
  }
});
