import { parseArgs } from 'node:util';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { version } from '../../package.json';
import { createBeagleClient } from '../client';
import { readClientConfig } from '../config';
import { createMcpServer } from '../mcp/tools';
import { runCommand } from './command';

const USAGE = `Serve Beagle to a language model: the Model Context Protocol on stdin and stdout.

  npm run --silent mcp -- [--url http://localhost:4000]

  --url URL    of a running Beagle; default: BEAGLE_URL, else http://localhost:4000

BEAGLE_API_KEY is the key that everything is asked with; without one the server's rules for anonymous callers hold.`;

runCommand(USAGE, async (args) => {
  const { values } = parseArgs({ args, options: { url: { type: 'string' } } });
  const { url, apiKey } = readClientConfig();
  const server = createMcpServer(createBeagleClient({ url: values.url ?? url, apiKey }), version);
  await server.connect(new StdioServerTransport());
});
