import { main } from './cli/main';
import { keepStreamsQuiet } from './cli/output';

keepStreamsQuiet();
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
