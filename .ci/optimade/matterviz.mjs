// matterviz' functions, from their file and against a server: node matterviz.mjs FILE URL
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';

const [file, url] = process.argv.slice(2);
const { fetch_optimade_structure, fetch_suggested_structures } = await import(pathToFileURL(file).href);
const providers = [{ id: 'beagle', type: 'links', attributes: { name: 'Beagle', base_url: url } }];

const suggested = await fetch_suggested_structures('beagle', providers, 12);
assert.equal(suggested.length, 12);
const structure = await fetch_optimade_structure(suggested[3].id, 'beagle', providers);
assert.deepEqual(structure.attributes, suggested[3].attributes);
const { lattice_vectors: lattice, cartesian_site_positions: positions, species_at_sites: sites } = structure.attributes;
assert.equal(lattice.length, 3);
assert.ok(positions.length > 0 && positions.length === sites.length);
await assert.rejects(fetch_optimade_structure('no-such-entry', 'beagle', providers), /not found/);
console.log(`matterviz read ${suggested.length} structures`);
