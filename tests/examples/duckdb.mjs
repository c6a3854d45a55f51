// Run a file of statements: `node duckdb.mjs MODULES FILE` prints the rows of each statement as one
// line of JSON. MODULES is the folder of node_modules that has @duckdb/node-api.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, file] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(modules, 'x.js'))('@duckdb/node-api');
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const statements = await connection.extractStatements(readFileSync(file, 'utf8'));
for (let i = 0; i < statements.count; i++) {
    const prepared = await statements.prepare(i);
    const reader = await prepared.runAndReadAll();
    console.log(JSON.stringify(reader.getRowObjectsJson()));
}
connection.closeSync();
