// Imported first, and written so that a Node of 2018 still reads it: it has to be able to say that it is too old.
// Hence no import, and the number of package.json's "engines" once more.

var oldest = 20;

if (Number.parseInt(process.versions.node, 10) < oldest) {
  process.stderr.write(
    "Set-up stopped: Node.js " +
      process.versions.node +
      " is too old.\n" +
      "  Why:  Slipway needs Node.js " +
      oldest +
      " or newer to set itself up (" +
      process.execPath +
      " runs now).\n" +
      "  Next: install a newer one from https://nodejs.org, then npm start\n",
  );
  process.exit(1);
}
