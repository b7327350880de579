import Mocha from 'mocha';

/** Mocha's spec reporter, closed by one line that any machine can read: `N passed, N failed`. */
export default class SummaryReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    process.once('exit', () => {
      process.stdout.write(`\n${this.stats.passes} passed, ${this.stats.failures} failed\n`);
    });
  }
}
