import { expect, test } from 'vitest';
import { registryFailure } from '../../../../../main/engine/images/registry/refusals';

/** As Docker 20 to 29 and Podman 4 and 5 say it. */
test.each([
  ['Get "https://r/v2/": no basic auth credentials', 'registry-unauthorized'],
  ['unauthorized: authentication required', 'registry-unauthorized'],
  ['unauthorized: incorrect username or password', 'registry-unauthorized'],
  ['denied: your account is not a member', 'registry-unauthorized'],
  ['manifest for r/app:1 not found: manifest unknown: manifest unknown', 'image-unknown'],
  [
    "pull access denied for nosuch, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    'image-unknown',
  ],
  ['An image does not exist locally with the tag: app', 'image-unknown'],
  ['no matching manifest for linux/amd64 in the manifest list entries', 'image-no-platform'],
  // containerd's store
  ['failed to resolve reference "127.0.0.1:5056/app:1": 127.0.0.1:5056/app:1: not found', 'image-unknown'],
  ['no match for platform in manifest sha256:0: not found', 'image-no-platform'],
  [
    'failed to do request: Head "https://127.0.0.1:9/v2/app/manifests/1": dial tcp 127.0.0.1:9: connect: connection refused',
    'registry-unreachable',
  ],
  ['no image found in image index for architecture amd64, variant "", OS linux', 'image-no-platform'],
  ['failed to register layer: write /x: no space left on device', 'engine-disk-full'],
  ['Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused', 'registry-unreachable'],
  ['dial tcp: lookup nosuch.example: no such host', 'registry-unreachable'],
  ['EOF', 'registry-unreachable'],
  [
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'registry-unreachable',
  ],
  ['something that nobody foresaw', 'image-unknown'],
])('%s is %s', (reason, code) => {
  const failure = registryFailure('r.example/app:1', reason, { done: 1, layers: 3 });
  expect(failure).toMatchObject({ code, reference: 'r.example/app:1', reason });
  if (code.startsWith('registry')) expect(failure).toMatchObject({ registry: 'r.example' });
  if (code === 'registry-unreachable') expect(failure).toMatchObject({ done: 1, layers: 3 });
});
