import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ApolloServerPlugin } from '@apollo/server';

const tracer = trace.getTracer('beagle.api');

/** A span for each request, below the caller's if it sends `traceparent`. */
export function traceRequests(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const caller = propagation.extract(context.active(), request.headers);
  // No path: a page's address holds the formula that somebody looks at.
  const attributes = { 'http.request.method': request.method };
  const span = tracer.startSpan(`HTTP ${request.method}`, { kind: SpanKind.SERVER, attributes }, caller);
  response.once('close', () => {
    span.setAttribute('http.response.status_code', response.statusCode);
    if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
  context.with(trace.setSpan(caller, span), next);
}

/** Names the request's span by its GraphQL operation: the name, never the text, which holds formulas. */
export const traceOperations: ApolloServerPlugin = {
  requestDidStart: async () => ({
    async didResolveOperation({ operation, operationName }) {
      const span = trace.getActiveSpan();
      if (!span || !operation) return;
      span.setAttribute('graphql.operation.type', operation.operation);
      if (operationName) span.setAttribute('graphql.operation.name', operationName);
    },
  }),
};
