// Loaded before a program (`node -r`): its milliseconds of CPU as the last line of standard error.
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  process.stderr.write(`${(user + system) / 1000}\n`);
});
