// Loaded with `--require` before the program: prints the files that it has loaded at each SIGUSR2.
process.on('SIGUSR2', () => {
  process.stdout.write(`loaded ${JSON.stringify(Object.keys(require.cache))}\n`);
});
