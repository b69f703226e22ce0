// Makes today's protos the baseline that `buf breaking` compares with. Run on purpose only, at a release or
// when a break is wanted, and say why in the commit.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install, root } from './install.mjs';

await install();
const args = ['build', '--exclude-source-info', '-o', 'proto/baseline.binpb'];
process.exitCode =
  spawnSync(join(root, 'node_modules/.bin/buf'), args, { cwd: root, stdio: 'inherit' }).status ?? 1;
