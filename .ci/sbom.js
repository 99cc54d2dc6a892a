/**
 * Writes a CycloneDX bill of materials beside each package: what is in the bundles, Electron, and the parts that machines are booted
 * with. It holds no time and no random number, so that the same package has the same bill.
 *   sbom.js ELECTRON_VERSION PACKAGE…
 * electron-builder calls the default export for the packages that it makes itself.
 */
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const here = path.resolve(import.meta.dirname, '..');
const readJson = (file) => JSON.parse(fs.readFileSync(path.join(here, file), 'utf8'));
const { name, version, description, license } = readJson('package.json');
const licences = new Contrib.License.Factories.LicenseFactory();

/** @param facts  purl, cpe, licence by SPDX, hash as [algorithm, hex], source */
function component(type, called, at, { purl, cpe, licence, hash, source } = {}) {
  const made = new Models.Component(type, called, { version: at, purl, cpe, bomRef: purl });
  if (licence) made.licenses.add(licences.makeFromString(licence));
  if (hash) made.hashes.set(...hash);
  if (source)
    made.externalReferences.add(new Models.ExternalReference(source, Enums.ExternalReferenceType.VCS));
  return made;
}

/** What is in the bundles, as the build has told it, with the checksums that npm has held the packages against. */
function bundled() {
  const lock = Object.entries(readJson('package-lock.json').packages);
  return readJson('dist/renderer/licences.json').map(({ name: called, version: at, licence, source }) => {
    const [, { integrity }] = lock.find(
      ([place, one]) => place.endsWith(`node_modules/${called}`) && one.version === at,
    );
    const hash = ['SHA-512', Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex')];
    const purl = `pkg:npm/${called.replace('@', '%40')}@${at}`;
    return component('library', called, at, { purl, licence, hash, source });
  });
}

/** Debian's packages that the guest's parts were made of, where the package brings those. */
function guestParts() {
  const folder = path.join(here, 'release/guest-parts');
  if (!fs.existsSync(folder)) return [];
  const manifests = fs
    .readdirSync(folder, { recursive: true })
    .filter((file) => /^[^/]+\/(kit|kernel)\.json$/.test(file))
    .map((file) => JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')));
  const packages = new Map(
    manifests.flatMap((manifest) =>
      manifest.packages.map((one) => [`pkg:deb/debian/${one.name}@${encodeURIComponent(one.version)}`, one]),
    ),
  );
  return [...packages].map(([purl, one]) =>
    component('library', one.name, one.version, { purl, hash: ['SHA-256', one.sha256] }),
  );
}

function bill(file, electron) {
  const sha256 = createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  const itself = component('application', name, version, {
    purl: `pkg:generic/${name}@${version}`,
    licence: license,
    hash: ['SHA-256', sha256],
  });
  itself.description = `${description} (${path.basename(file)})`;
  const parts = [
    ...bundled(),
    component('framework', 'electron', electron, {
      purl: `pkg:github/electron/electron@v${electron}`,
      cpe: `cpe:2.3:a:electronjs:electron:${electron}:*:*:*:*:*:*:*`,
      licence: 'MIT',
    }),
    ...guestParts(),
  ];
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: itself }) });
  for (const part of parts) {
    bom.components.add(part);
    itself.dependencies.add(part.bomRef);
  }
  const normalize = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return new Serialize.JsonSerializer(normalize).serialize(bom, { sortLists: true, space: 2 });
}

function write(electron, files) {
  return files.map((file) => {
    fs.writeFileSync(`${file}.cdx.json`, `${bill(file, electron)}\n`);
    return `${file}.cdx.json`;
  });
}

/** What people install or unpack, beside block maps and update files. */
const isPackage = (file) => /\.(AppImage|tar\.gz|dmg|exe|zip)$/.test(file);

export default ({ artifactPaths, configuration }) =>
  write(
    configuration.electronVersion ?? readJson('node_modules/electron/package.json').version,
    artifactPaths.filter(isPackage),
  );

if (process.argv[1] === import.meta.filename) write(process.argv[2], process.argv.slice(3));
