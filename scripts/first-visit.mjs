// Bytes that a first visit loads of a site that `scripts/build release` has made, with brotli.
//
//   node scripts/first-visit.mjs FOLDER     a line for what every page loads, and one for each group of pages with it
//
// The last line is the largest of them, alone, for scripts.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(process.argv[2] ?? 'target/site', 'pkg');
const files = readdirSync(folder);
const compressed = (name) => {
    if (!files.includes(`${name}.br`)) throw new Error(`${name} is not compressed, so this is no release's site`);
    return statSync(join(folder, `${name}.br`)).size;
};
const only = (pattern) => {
    const found = files.filter((name) => pattern.test(name));
    if (found.length !== 1) throw new Error(`there is not one file like ${pattern} in ${folder}, but ${found.length}`);
    return found[0];
};
const everywhere = [/^apirequestweb\.[\w-]{22}\.wasm$/, /^apirequestweb\.[\w-]{22}\.js$/, /^__wasm_split\.[\w-]{22}\.js$/].map(only);
const base = everywhere.map(compressed).reduce((sum, size) => sum + size, 0);
const show = (name, bytes) => console.log(`${name.padEnd(18)} ${String(bytes).padStart(9)} bytes`);

show('log-in', base);
let most = base;
const manifest = JSON.parse(readFileSync(join(folder, only(/^__wasm_split_manifest\.[\w-]{22}\.json$/)), 'utf8'));
for (const [group, pieces] of Object.entries(manifest)) {
    const size = base + pieces.map((piece) => compressed(`${piece}.wasm`)).reduce((sum, bytes) => sum + bytes, 0);
    show(group.replace(/_\d+$/, '').replaceAll('_', ' '), size);
    most = Math.max(most, size);
}
console.log(most);
