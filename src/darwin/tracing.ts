import {
  context,
  propagation,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';

/**
 * Spans of a prediction's way (docs/inference.md). Without a provider (src/tracing.ts) these are no-ops. Attributes are counts and times,
 * never formulas: traces go to places that keys do not guard.
 */
const tracer = trace.getTracer('beagle.darwin');

/** `traceparent`, so that an endpoint's spans join the trace. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** Who waits for a run. */
export const currentSpan = (): SpanContext | undefined => trace.getActiveSpan()?.spanContext();

export function traced<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, (span) => ended(span, work));
}

/** A span of what several wait for: below the first, linked to all others. */
export function tracedForAll<T>(
  waiting: Iterable<SpanContext>,
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const [first, ...others] = new Map([...waiting].map((span) => [span.spanId, span])).values();
  const parent = first ? trace.setSpanContext(context.active(), first) : context.active();
  const links = others.map((span) => ({ context: span }));
  return tracer.startActiveSpan(name, { attributes, links }, parent, (span) => ended(span, work));
}

async function ended<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await work(span);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
