// What stands behind the npm scripts: set-up, then a program of this repository on the Node that set-up installed.
//
//     node scripts/run.mjs [--without-terraform] PROGRAM [ARGUMENT...]      PROGRAM is a path from the root
//
// The exit code is the program's, or 1 when something is missing. Set-up speaks on stderr only: stdout is the program's.

import "./require-node.mjs";

Promise.all([import("./setup/prepare.mjs"), import("./run-node.mjs")]).then(
  async ([{ prepare, root }, { runNode }]) => {
    const withTerraform = process.argv[2] !== "--without-terraform";
    const [program, ...args] = process.argv.slice(withTerraform ? 2 : 3);
    if (program === undefined) {
      throw new Error("scripts/run.mjs needs the program to run, as a path from the root");
    }
    const ready = await prepare({ withTerraform });
    if (ready === undefined) {
      process.exitCode = 1;
      return;
    }
    /** @type {NodeJS.ProcessEnv} */
    const env = { ...process.env, PATH: `${root}/node_modules/.bin:${process.env.PATH ?? ""}` };
    // Some tools colour a log file where they see a CI server; plain lines are what such a file is for.
    if (!process.stdout.isTTY && !process.stderr.isTTY && env.FORCE_COLOR === undefined) {
      env.NO_COLOR = "1";
    }
    process.exitCode = await runNode(ready.node22.path, [`${root}/${program}`, ...args], { cwd: root, env });
  },
);
