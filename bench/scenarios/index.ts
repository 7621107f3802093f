import { burst, fanout, fanoutInbox, fanoutResumed } from './fanout';
import type { Scenario } from './scenario';

export const SCENARIOS: readonly Scenario[] = [fanout, fanoutResumed, fanoutInbox, burst];
