import type { Config } from './config';

/**
 * Sends spans to an OpenTelemetry collector (OTLP over HTTP) where the configuration names one; the SDK is loaded only then. What makes the
 * spans knows its API alone. @returns what sends the last of them; never rejects: a collector that is gone costs spans alone.
 */
export async function startTracing(
  { otlpEndpoint }: Pick<Config, 'otlpEndpoint'>,
  warn: (message: string) => void,
): Promise<() => Promise<void>> {
  if (otlpEndpoint === null) return async () => {};
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new OTLPTraceExporter({ url: `${otlpEndpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 3000 });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'beagle' }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return () =>
    provider
      .shutdown()
      .catch((error: unknown) => warn(`the last traces could not be sent: ${(error as Error).message}`));
}
