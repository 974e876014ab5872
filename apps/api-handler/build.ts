import path from "node:path";
import { buildBundle } from "./build-bundle.ts";

// `node build.ts [FOLDER]`: in another folder than this one, with a copy of its sources, for those who build while others do.
const size = await buildBundle(path.resolve(process.argv[2] ?? import.meta.dirname));
console.log(`dist/index.cjs  ${Math.round(size / 1024)} KB`);
