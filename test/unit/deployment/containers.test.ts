import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { readConfig } from '../../../src/config';

/** No container engine is at hand where the tests run: what can be known without one is checked here. */
const PROJECT = join(__dirname, '..', '..', '..');
const text = (file: string): string => readFileSync(join(PROJECT, file), 'utf8');
const lines = text('Dockerfile')
  .replace(/\\\n(\s*#.*\n)*/g, ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const instructions = lines.map((line) => ({ name: line.split(' ', 1)[0]!, rest: line.slice(line.indexOf(' ') + 1) }));
const all = (name: string): string[] => instructions.filter((one) => one.name === name).map(({ rest }) => rest);
const final = instructions.slice(instructions.map(({ name }) => name).lastIndexOf('FROM'));

describe('the Dockerfile', () => {
  it('has no mistake that a linter finds', () => {
    expect(validate(text('Dockerfile')).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  const copied = all('COPY')
    .filter((rest) => !rest.startsWith('--from'))
    .flatMap((rest) => rest.split(' ').slice(0, -1));

  it.each(copied)('copies %s, which is there and not left out by .dockerignore', (source) => {
    expect(existsSync(join(PROJECT, source))).toBe(true);
    expect(text('.dockerignore').split('\n')).toContain(`!${source}`);
  });

  it('leaves out of the context whatever it does not name, and what a host has made', () => {
    const ignored = text('.dockerignore').split('\n');
    expect(ignored).toContain('*');
    expect(ignored).toEqual(expect.arrayContaining(['src/data/generated', 'web/dist', 'models/training']));
    for (const never of ['.git', '.beagle', 'node_modules', '.env', 'test']) expect(ignored).not.toContain(`!${never}`);
  });

  it('gives npm install every file that its scripts read', () => {
    const install = instructions.findIndex(({ rest }) => rest.startsWith('npm ci'));
    const before = instructions.slice(0, install).filter(({ name }) => name === 'COPY').map(({ rest }) => rest); // prettier-ignore
    const scripts = (JSON.parse(text('package.json')) as { scripts: { postinstall: string } }).scripts.postinstall;
    for (const [, folder] of scripts.matchAll(/node (\w+)\//g)) expect(before).toContain(`${folder} ${folder}`);
    expect(before).toContain('package.json package-lock.json .npmrc ./');
  });

  it('installs on a Node that the project supports', () => {
    const { engines } = JSON.parse(text('package.json')) as { engines: { node: string } };
    expect(engines.node).toBe('>=20.19');
    for (const from of all('FROM')) expect(from).toMatch(/^node:(22|24)-[a-z]+-slim/);
  });

  it('removes what is not for this system, by names that are there', () => {
    const install = all('RUN').find((rest) => rest.startsWith('npm ci'))!;
    const removed = install
      .slice(install.indexOf('rm -rf') + 7)
      .trim()
      .split(/\s+/);
    expect(removed.length).toBeGreaterThan(2);
    for (const path of removed) expect([path, existsSync(join(PROJECT, path))]).toEqual([path, true]);
  });

  it('runs as a user without rights over its files', () => {
    expect(final.filter(({ name }) => name === 'USER').map(({ rest }) => rest)).toEqual(['node']);
    // After the last COPY: nothing in the image belongs to that user.
    const names = final.map(({ name }) => name);
    expect(names.indexOf('USER')).toBeGreaterThan(names.lastIndexOf('COPY'));
    for (const copy of all('COPY')) expect(copy).not.toContain('--chown');
  });

  it('starts what npm start starts', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    const [command] = all('CMD');
    expect((JSON.parse(command!) as string[]).join(' ')).toBe(scripts['start']);
  });

  it('asks for health by a program that can be read', () => {
    const check = all('HEALTHCHECK')[0]!;
    const [node, flag, program] = JSON.parse(check.slice(check.indexOf('CMD ') + 4)) as string[];
    expect([node, flag]).toEqual(['node', '-e']);
    expect(() => new Function('process', program!)).not.toThrow();
    expect(program).toContain('/readyz');
  });
});

describe('the Dockerfile for a GPU', () => {
  const cuda = text('Dockerfile.cuda');

  it('has no mistake that a linter finds', () => {
    expect(validate(cuda).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  it('fetches the provider by a script that is there', () => {
    const [, script] = /ONNXRUNTIME_NODE_INSTALL=cuda12 node (\S+)/.exec(cuda)!;
    expect(existsSync(join(PROJECT, script!))).toBe(true);
    expect(readFileSync(join(PROJECT, 'node_modules/onnxruntime-node/script/install-utils.js'), 'utf8')).toContain(
      'ONNXRUNTIME_NODE_INSTALL',
    );
  });

  it('starts what the other starts, asks for health alike, and has no rights over its files', () => {
    const end = (file: string): string => file.slice(file.indexOf('EXPOSE'));
    expect(end(cuda)).toBe(end(text('Dockerfile')));
    expect(cuda).toMatch(/\nUSER 1000\nEXPOSE/);
    expect(cuda).not.toContain('--chown');
  });
});

interface Service {
  readonly image: string;
  readonly command?: string | readonly string[];
  readonly environment: Record<string, string>;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Record<string, { readonly condition: string }>;
}

describe('compose.yaml', () => {
  const compose = parse(text('compose.yaml'), { merge: true }) as { services: Record<string, Service> };
  const { db, api, worker } = compose.services as Record<'db' | 'api' | 'worker', Service>;

  it('has Postgres, the API and workers', () => {
    expect(Object.keys(compose.services)).toEqual(['db', 'api', 'worker']);
    expect(db.image).toMatch(/^postgres:1[4-9]/);
  });

  it.each([
    ['api', api],
    ['worker', worker],
  ])('%s has no rights, a root file system that it cannot write, and waits for the database', (_, service) => {
    expect(service).toMatchObject({
      user: 'node',
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      depends_on: { db: { condition: 'service_healthy' } },
    });
  });

  it.each([
    ['api', api],
    ['worker', worker],
  ])('%s has an environment that the program takes', (_, { environment }) => {
    const filled = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        value.replace(/\$\{POSTGRES_PASSWORD:\?[^}]*\}/, 'abc'),
      ]),
    );
    expect(readConfig(filled)).toMatchObject({ databaseUrl: 'postgresql://beagle:abc@db:5432/beagle', device: 'cpu' });
  });

  it.each([
    ['api', Object.keys(api.environment)],
    ['worker', Object.keys(worker.environment)],
    ['the image', all('ENV').flatMap((rest) => rest.split(' ').map((one) => one.split('=', 1)[0]!))],
  ])('%s sets nothing that no program reads', (_, names) => {
    const config = text('src/config.ts');
    expect(names.length).toBeGreaterThan(0);
    for (const name of names.filter((one) => one !== 'NODE_ENV'))
      expect([name, new RegExp(`^ {4}${name}: `, 'm').test(config)]).toEqual([name, true]);
  });

  it('holds no password, and does not start without one', () => {
    expect(db.environment['POSTGRES_PASSWORD']).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    expect(api.environment['DATABASE_URL']).toContain('${POSTGRES_PASSWORD:?');
  });

  it('opens one port, to this machine alone', () => {
    expect([db, worker].map(({ ports }) => ports)).toEqual([undefined, undefined]);
    expect(api.ports).toEqual(['127.0.0.1:4000:4000']);
  });

  it('names programs that are there', () => {
    const named = [...text('compose.yaml').matchAll(/\bsrc\/[\w/]+\.ts/g)].map(([file]) => file);
    expect(named).toEqual(expect.arrayContaining(['src/cli/keys.ts', 'src/cli/worker.ts']));
    for (const file of named) expect([file, existsSync(join(PROJECT, file))]).toEqual([file, true]);
  });
});

describe('the documentation of operations', () => {
  it.each(['docs/operations.md', 'docs/threat-model.md', 'SECURITY.md'])('%s leads to files that are there', (file) => {
    const links = [...text(file).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!);
    const paths = [...text(file).matchAll(/`((?:test|src|docs)\/[\w./-]+)`/g)].map(([, path]) => path!);
    expect(links.length + paths.length).toBeGreaterThan(0);
    for (const link of links.filter((one) => !one.startsWith('http')))
      expect([link, existsSync(join(PROJECT, file, '..', link))]).toEqual([link, true]);
    for (const path of paths) expect([path, existsSync(join(PROJECT, path))]).toEqual([path, true]);
  });

  it('names no environment variable that the configuration does not read', () => {
    const config = text('src/config.ts');
    for (const file of ['docs/operations.md', 'docs/threat-model.md', 'compose.yaml'])
      for (const [name] of text(file).matchAll(/\bBEAGLE_[A-Z_]+/g))
        expect([name, config.includes(name)]).toEqual([name, true]);
  });
});
