// @ts-check
/**
 * A client of the benchmarks in a process of its own, so that neither its time nor its event loop is the server's. It is
 * told `{ url, body, headers, repeat, everyMs }` and tells `{ ms, bytes, problem, text }`: the time of each request in order, the
 * bytes and the text of the last answer.
 */
'use strict';

const http = require('node:http');
const { performance } = require('node:perf_hooks');

const agent = new http.Agent({ keepAlive: true });

/** @type {(url: string, body: string, more: object) => Promise<{ status: number | undefined, text: string }>} */
const post = (url, body, more) =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...more };
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });

process.on('message', async (/** @type {any} */ { url, body, headers, repeat, everyMs }) => {
  const ms = [];
  let last = { status: /** @type {number | undefined} */ (0), text: '' };
  for (let i = 0; i < repeat; i++) {
    const start = performance.now();
    last = await post(url, body, headers);
    ms.push(performance.now() - start);
    if (everyMs) await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  const wrong = last.status !== 200 || last.text.includes('"errors"');
  process.send?.({ ms, bytes: last.text.length, problem: wrong ? last.text.slice(0, 500) : null, text: last.text });
});
