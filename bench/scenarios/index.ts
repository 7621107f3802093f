import { burst, fanout, fanoutInbox, fanoutResumed } from './fanout';
import { flood } from './flood';
import { growth } from './growth';
import { history } from './history';
import { inbox } from './inbox';
import { memory } from './memory';
import { pairs } from './pairs';
import { reconnect } from './reconnect';
import type { Scenario } from './scenario';
import { send } from './send';

export const SCENARIOS: readonly Scenario[] = [
  fanout,
  fanoutResumed,
  fanoutInbox,
  burst,
  pairs,
  send,
  inbox,
  history,
  memory,
  growth,
  reconnect,
  flood,
];
