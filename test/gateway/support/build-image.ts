import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../support/root.js';

const head = (name: string) => `syntax = "proto3";
package ${name};
import "facet/http/v1/options.proto";
import "google/api/annotations.proto";
import "google/api/httpbody.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/wrappers.proto";
`;

/** Builds the descriptor image of packages, given as the text below their imports. */
export function buildImage(packages: Readonly<Record<string, string>>): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'facet-image-'));
  try {
    for (const part of ['google', 'facet/http', 'facet/validate', 'buf'])
      cpSync(`${root}/proto/${part}`, join(folder, part), { recursive: true });
    writeFileSync(join(folder, 'buf.yaml'), 'version: v2\n');
    for (const [name, text] of Object.entries(packages))
      writeFileSync(join(folder, `${name}.proto`), head(name) + text);
    const buf = spawnSync(`${root}/node_modules/.bin/buf`, [
      'build',
      folder,
      '-o',
      join(folder, 'image.binpb'),
    ]);
    if (buf.status !== 0) throw new Error(`buf build: ${buf.stderr}`);
    return readFileSync(join(folder, 'image.binpb'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
