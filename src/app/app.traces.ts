import type { Config } from '../config';
import type { Logger } from '../logger';
import { blame } from '../runtime/blame';
import type { Tracer } from '../runtime/span';
import type { Lifecycle } from './lifecycle';

type Libraries = typeof import('../telemetry/opentelemetry');

/**
 * Turns traces on, if the settings say so. Only then are the libraries loaded.
 *
 * @returns null while traces are off
 * @throws {ConfigError} when the libraries refuse a setting of their own
 */
export async function startTraces(
  { exportsTraces }: Config,
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<Tracer | null> {
  if (!exportsTraces) return null;
  return blame('OTEL_EXPORTER_OTLP_ENDPOINT', 'traces cannot be exported', async () => {
    const { OpenTelemetry } = require('../telemetry/opentelemetry') as Libraries;
    const telemetry = new OpenTelemetry(logger);
    lifecycle.add('traces', () => telemetry.stop());
    return telemetry;
  });
}
