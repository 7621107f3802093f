/** A chat in a terminal, or driven by the lines of a pipe. It is a client as any other. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

// Older versions of Node cannot even load what is imported, and would name a line of it.
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `parley: Node 20.19 or newer is needed, and this is ${process.versions.node}\n`,
  );
  process.exitCode = 1;
} else await import('./start.mjs');
