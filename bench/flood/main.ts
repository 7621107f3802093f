import type { Attack } from './attack';
import { ATTACKS } from './attacks';
import type { Target } from './frames';

/** What the attackers are told. */
export type Order = { begin: { attacks: readonly string[]; target: Target } } | { end: true };

/** What they answer: what each has tried, and has been answered. */
export type Report = Record<string, { tried: number; answered: number; ended: number }>;

/** The attackers' process. */
const running = new Map<string, Attack>();

process.on('message', (order: Order) => {
  if ('begin' in order) {
    for (const name of order.begin.attacks)
      running.set(name, ATTACKS[name]!.begin(order.begin.target));
    process.send!({});
    return;
  }
  const report: Report = {};
  for (const [name, attack] of running) {
    attack.end();
    const { tried, answered, ended } = attack;
    report[name] = { tried, answered, ended };
  }
  running.clear();
  process.send!(report);
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit());
