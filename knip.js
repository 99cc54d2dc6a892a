const forProduct = process.argv.includes('--production');

/** What nobody uses; with `--production` also what only tests use. */
export default {
  entry: [
    'main/doors/{cli,desktop}/index.ts!',
    'main/doors/desktop/launch.ts!',
    'preload/index.ts!',
    'renderer/main.ts!',
    'renderer/catalogues.ts!', // in the page, in the place of the contract's: vite.config.ts
    'tests/**/*.test.ts',
    'tests/bench/truth/adversary.ts',
    'tests/bench/index.ts',
    'tests/golden/index.ts',
    'tests/hosts/index.ts',
    'tests/fleet/{slurm,ssh,swarm}.ts',
    'tests/house/index.ts',
    'tests/screenshots/index.ts',
    'tests/torture/{index,soak/index,fuzz/batch}.ts',
    'tests/support/{heldReader,killAt}.ts',
    'tests/support/{prepare,remains}.ts',
  ],
  project: ['main/**/*.ts!', 'preload/**/*.ts!', 'renderer/**/*.{ts,svelte}!', 'tests/**/*.ts'],
  ignoreBinaries: [
    'Xvfb',
    'cc',
    'docker-registry',
    'htpasswd',
    'man',
    'mkfifo',
    'mkfs.erofs',
    'mount',
    'ssh-keygen',
    'openssl',
    'pdftotext',
    'podman',
    'setpriv',
    'umount',
    'unshare',
  ],
  // the validator is called by .ci/static.sh
  ignoreDependencies: ['electron-oldest', '@action-validator/*'],
  // parts of a file that its tests look at are no dead code
  ...(forProduct && { ignoreExportsUsedInFile: true }),
};
