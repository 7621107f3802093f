import { z } from 'zod';
import {
  flag,
  optional,
  otlpCompression,
  otlpProtocol,
  otlpUrl,
  pairList,
  positive,
  ratio,
} from './setting.forms';

/**
 * The settings of OpenTelemetry. Its libraries read them for themselves, and would go on without
 * one that they cannot read. So they are only checked here.
 */
export const telemetry = {
  OTEL_SDK_DISABLED: optional(flag),
  OTEL_TRACES_EXPORTER: optional(z.enum(['otlp', 'none'])),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(otlpUrl),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: optional(otlpUrl),
  OTEL_EXPORTER_OTLP_PROTOCOL: optional(otlpProtocol),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: optional(otlpProtocol),
  OTEL_EXPORTER_OTLP_HEADERS: optional(pairList),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: optional(pairList),
  OTEL_EXPORTER_OTLP_TIMEOUT: optional(positive),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: optional(positive),
  OTEL_EXPORTER_OTLP_COMPRESSION: optional(otlpCompression),
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: optional(otlpCompression),
  OTEL_RESOURCE_ATTRIBUTES: optional(pairList),
  OTEL_TRACES_SAMPLER: optional(
    z.enum([
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ]),
  ),
  OTEL_TRACES_SAMPLER_ARG: optional(ratio),
  OTEL_BSP_SCHEDULE_DELAY: optional(positive),
  OTEL_BSP_EXPORT_TIMEOUT: optional(positive),
  OTEL_BSP_MAX_QUEUE_SIZE: optional(positive),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: optional(positive),
};

/** Returns true when an exporter or the address of a collector is set, and nothing says no. */
export function exportsTraces(settings: z.infer<z.ZodObject<typeof telemetry>>): boolean {
  if (settings.OTEL_SDK_DISABLED === true || settings.OTEL_TRACES_EXPORTER === 'none') return false;
  return (
    settings.OTEL_TRACES_EXPORTER === 'otlp' ||
    settings.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined ||
    settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined
  );
}
