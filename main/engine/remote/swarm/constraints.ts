/**
 * Whether a node is one that a job is for, as Swarm itself decides it (swarmkit, manager/constraint): a job says nothing of nodes that it
 * passes over, and those that it would use, were they not drained or down, are to be told.
 */
import { BlockList, isIP } from 'node:net';
import { constraintForm } from '../../../contract/fleet/swarm';
import type { SwarmNode } from './nodes';

/** @param constraints  of {@link constraintForm} */
export const matchesAll = (constraints: readonly string[], node: SwarmNode): boolean =>
  constraints.every((constraint) => matches(constraint, node));

const labelPrefixes = { 'node.labels.': 'labels', 'engine.labels.': 'engineLabels' } as const;

function matches(constraint: string, node: SwarmNode): boolean {
  const { key = '', sign, value = '' } = constraintForm.exec(constraint)?.groups ?? {};
  if (key.toLowerCase() === 'node.ip') {
    const network = networkOf(value);
    return network !== undefined && network.check(node.address, kindOf(node.address)) === (sign === '==');
  }
  const own = valueOf(key, node);
  if (own === undefined) return false; // a key that Swarm does not know matches no node
  return (own.toLowerCase() === value.toLowerCase()) === (sign === '==');
}

/** A label that is not there is an empty one. */
function valueOf(key: string, node: SwarmNode): string | undefined {
  const lower = key.toLowerCase();
  for (const [prefix, labels] of Object.entries(labelPrefixes))
    if (lower.startsWith(prefix)) return node[labels][key.slice(prefix.length)] ?? '';
  const { id, hostname, role, os, architecture } = node;
  return {
    'node.id': id,
    'node.hostname': hostname,
    'node.role': role,
    'node.platform.os': os,
    'node.platform.arch': architecture,
  }[lower];
}

const kindOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** An address, or a network as `10.0.0.0/8`. Undefined for what is neither: it matches no node, whatever the sign. */
function networkOf(place: string): BlockList | undefined {
  const [address = '', bits] = place.split('/', 2);
  const longest = { 0: undefined, 4: 32, 6: 128 }[isIP(address)];
  if (longest === undefined) return undefined;
  const prefix = bits === undefined ? longest : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > longest) return undefined;
  const network = new BlockList();
  network.addSubnet(address, prefix, kindOf(address));
  return network;
}
