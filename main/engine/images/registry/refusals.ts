/**
 * Why a registry did not give or take an image. The engine passes a registry's answer on as text only, often inside a stream that
 * began with status 200, so the words have to be looked at: those of the OCI distribution specification's error codes, of Go's
 * network library and of the C library.
 */
import type { Failure } from '../../../contract/failures';
import { saysFull } from '../disk/space';
import { registryOf } from './credentials';

const kinds: [code: 'full' | 'unauthorized' | 'platform' | 'unknown' | 'unreachable', words: RegExp][] = [
  [
    'platform',
    /no matching manifest for|no match for platform in manifest|no image found in (image index|manifest list) for/i,
  ],
  [
    'unauthorized',
    /unauthorized|authentication required|no basic auth credentials|incorrect username or password|insufficient_scope|\bdenied: (?!requested access to the resource is denied$)/i,
  ],
  [
    'unknown',
    /manifest unknown|name unknown|not found|pull access denied|does not exist|tag does not exist/i,
  ],
  [
    'unreachable',
    /connection refused|connection reset|no such host|i\/o timeout|Client\.Timeout|TLS handshake|x509:|unexpected EOF|\bEOF\b|broken pipe|network is unreachable|server misbehaving|503 Service|502 Bad|504 Gateway|gave HTTP response to HTTPS client/i,
  ],
];

/**
 * @param reason  the engine's own words
 * @param kept    layers that were finished before it broke off, of all
 */
export function registryFailure(
  reference: string,
  reason: string,
  kept: { done: number; layers: number },
): Failure {
  const registry = registryOf(reference);
  if (saysFull(reason)) return { code: 'engine-disk-full', reference, reason };
  const kind = kinds.find(([, words]) => words.test(reason))?.[0];
  switch (kind) {
    case 'unauthorized':
      return { code: 'registry-unauthorized', registry, reference, reason };
    case 'platform':
      return { code: 'image-no-platform', reference, reason };
    case 'unreachable':
      return {
        code: 'registry-unreachable',
        registry,
        reference,
        reason,
        done: kept.done,
        layers: kept.layers,
      };
    default:
      return { code: 'image-unknown', reference, reason };
  }
}
