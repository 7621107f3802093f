import type { Tally } from '../runtime/tally';
import type { Meters, Sample } from './meters';
import type { MetricsSources } from './metrics.sources';

export function registerSockets(meters: Meters, { connections, traffic }: MetricsSources): void {
  meters.gauge('parley_connections', 'WebSockets that are open.', connections);
  meters.counter(
    'parley_connections_opened_total',
    'WebSockets that were opened.',
    () => traffic.connectionsOpened,
  );
  meters.counters(
    'parley_connections_closed_total',
    'WebSockets that ended, by the code of the close.',
    ['code'],
    () => samplesOf(traffic.connectionsClosed),
  );
  meters.gauge(
    'parley_subscriptions',
    'Subscriptions that are under way.',
    () => traffic.subscriptions,
  );
  meters.counter(
    'parley_deliveries_total',
    'Events that were written to sockets, one for each subscription.',
    () => traffic.deliveries,
  );
  meters.counters(
    'parley_queue_overflows_total',
    'Connections that were ended because their client read too slowly, by what was full.',
    ['queue'],
    () => samplesOf(traffic.overflows),
  );
}

export function registerOperations(meters: Meters, { traffic }: MetricsSources): void {
  meters.durations(
    'parley_operation_duration_seconds',
    'Operations from their admission to their answer; of subscriptions, the start.',
    ['type', 'name'],
    () =>
      [...traffic.operations].map(
        ({ type, name, durations }) => [[type, name], durations] as const,
      ),
  );
  meters.counters(
    'parley_refusals_total',
    'Errors that clients were sent, by code.',
    ['code'],
    () => samplesOf(traffic.refusals),
  );
  meters.counters(
    'parley_http_refusals_total',
    'HTTP requests and upgrades that were answered with a status of 400 or more, by status.',
    ['status'],
    () => samplesOf(traffic.httpRefusals),
  );
}

export function registerDelivery(meters: Meters, { hub, bus }: MetricsSources): void {
  const { counts } = hub;
  meters.gauge('parley_topics', 'Topics that have subscribers here.', () => hub.size.topics);
  meters.gauge('parley_seats', 'Seats at these topics.', () => hub.size.seats);
  meters.counter(
    'parley_events_total',
    'Events that topics handed to their seats, one for each topic.',
    () => counts.events,
  );
  meters.durations(
    'parley_commit_to_delivery_seconds',
    "An event of a conversation from its place in the log until all of this node's seats had it.",
    [],
    () => [[[], counts.commitToDelivery]],
  );
  meters.counter(
    'parley_gaps_healed_total',
    'Readings of a log that found events which the bus had not brought.',
    () => counts.gapsHealed,
  );
  meters.counter(
    'parley_events_healed_total',
    'Events that were delivered from the log because the bus had not brought them.',
    () => counts.eventsHealed,
  );
  meters.counter(
    'parley_hints_dropped_total',
    'Hints that left a full queue unseen.',
    () => counts.hintsDropped,
  );
  registerLag(meters, hub, bus);
}

function registerLag(meters: Meters, hub: MetricsSources['hub'], bus: MetricsSources['bus']): void {
  meters.gauge(
    'parley_log_lag_events',
    'Events that are known to be in a log and were not delivered here, of the log farthest behind.',
    () => hub.lag.events,
  );
  meters.gauge(
    'parley_log_compared_timestamp_seconds',
    'The time at which the heads of all logs were last compared with what was delivered.',
    () => (hub.lag.comparedMs ?? 0) / 1_000,
  );
  meters.gauge('parley_bus_connected', '1 while events travel between nodes, else 0.', () =>
    bus.connected ? 1 : 0,
  );
  meters.gauge(
    'parley_bus_topics',
    'Topics to which this node is subscribed at the bus.',
    () => bus.topicCount,
  );
  meters.counter(
    'parley_bus_dropped_total',
    'Messages for other nodes that could not be sent.',
    () => bus.droppedCount,
  );
}

export function registerDatabase(meters: Meters, { sessions }: MetricsSources): void {
  meters.gauges(
    'parley_database_sessions',
    'Sessions of the pool that are open, by state.',
    ['state'],
    () => {
      const { idle, lent } = sessions.usage;
      return [
        [['idle'], idle],
        [['lent'], lent],
      ];
    },
  );
  meters.gauge(
    'parley_database_sessions_limit',
    'Sessions that the pool may have.',
    () => sessions.usage.limit,
  );
  meters.gauge(
    'parley_database_waiting',
    'Requests that wait for a session of the pool.',
    () => sessions.usage.waiting,
  );
  meters.durations(
    'parley_database_statement_duration_seconds',
    'Statements from their sending to their answer.',
    [],
    () => [[[], sessions.statements.durations]],
  );
  meters.counter(
    'parley_database_statement_failures_total',
    'Statements that were answered with an error, or not at all.',
    () => sessions.statements.failed,
  );
}

export function registerLimits(meters: Meters, { rates, health }: MetricsSources): void {
  meters.counters(
    'parley_rate_limit_decisions_total',
    'Actions that a rate limit accepted or refused, by what is limited.',
    ['limit', 'outcome'],
    () => [...samplesOf(rates.accepted, 'accepted'), ...samplesOf(rates.refused, 'refused')],
  );
  meters.counters(
    'parley_rate_limit_counted_alone_total',
    'Counts that this node made without Redis, which was away or too slow.',
    ['limit'],
    () => samplesOf(rates.countedAlone),
  );
  meters.gauges(
    'parley_degraded',
    '1 for a part that cannot use its Redis now, else 0.',
    ['part'],
    () => health.states.map(({ name, isDegraded }) => [[name], isDegraded ? 1 : 0] as const),
  );
}

function samplesOf(tally: Tally, ...further: readonly string[]): Sample[] {
  return [...tally.entries()].map(([key, count]) => [[key, ...further], count]);
}
