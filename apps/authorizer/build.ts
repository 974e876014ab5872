import path from "node:path";
import { buildBundle } from "./build-bundle.ts";

// `node build.ts [FOLDER]`: into another folder than this one, for those who build while others do.
const target = path.resolve(process.argv[2] ?? import.meta.dirname);
const size = await buildBundle(import.meta.dirname, target);
console.log(`dist/index.cjs  ${Math.round(size / 1024)} KB`);
