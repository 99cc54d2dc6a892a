/** Reads JUnit XML by the schema of Jenkins' xunit-plugin, junit-10.xsd: elements and attributes that it does not have are errors. */
import { wellFormed, type XmlElement } from '../xml';

export interface JunitCase {
  suite: string;
  name: string;
  classname: string;
  time?: string;
  /** `failure`, `error`, `skipped` */
  says?: { as: string; message: string; type?: string };
  out?: string;
}

const allowed: Record<string, { attributes: string[]; required: string[]; children: string[] }> = {
  testsuites: {
    attributes: ['name', 'time', 'tests', 'failures', 'errors'],
    required: [],
    children: ['testsuite'],
  },
  testsuite: {
    attributes: [
      'name',
      'tests',
      'failures',
      'errors',
      'skipped',
      'time',
      'timestamp',
      'hostname',
      'id',
      'package',
    ],
    required: ['name', 'tests', 'failures', 'errors'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  properties: { attributes: [], required: [], children: ['property'] },
  property: { attributes: ['name', 'value'], required: ['name', 'value'], children: [] },
  testcase: {
    attributes: ['name', 'time', 'classname', 'group'],
    required: ['name'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  ...Object.fromEntries(
    ['skipped', 'error', 'failure'].map((name) => [
      name,
      { attributes: ['type', 'message'], required: [], children: [] },
    ]),
  ),
  'system-out': { attributes: [], required: [], children: [] },
};

function checked(element: XmlElement): XmlElement {
  const rule = allowed[element.name];
  if (!rule) throw new SyntaxError(`no element ${element.name}`);
  const names = Object.keys(element.attributes);
  const unknown = names.find((name) => !rule.attributes.includes(name));
  const missing = rule.required.find((name) => !names.includes(name));
  if (unknown ?? missing) throw new SyntaxError(`${element.name} with ${unknown}, without ${missing}`);
  for (const child of element.children) {
    if (!rule.children.includes(child.name)) throw new SyntaxError(`${child.name} in ${element.name}`);
    checked(child);
  }
  return element;
}

/** @throws {SyntaxError} also where a suite counts its cases wrongly */
export function readJunit(text: string): {
  name: string;
  cases: JunitCase[];
  properties: { suite: string; name: string; value: string }[];
} {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!text.startsWith(declaration)) throw new SyntaxError('no declaration');
  const root = checked(wellFormed(text.slice(declaration.length)));
  const cases = root.children.flatMap((suite) => {
    const all = suite.children.filter(({ name }) => name === 'testcase').map((one) => caseOf(one, suite));
    for (const [count, as] of [
      ['failures', 'failure'],
      ['errors', 'error'],
      ['skipped', 'skipped'],
    ] as const)
      if (Number(suite.attributes[count]) !== all.filter(({ says }) => says?.as === as).length)
        throw new SyntaxError(`${suite.attributes.name} has not ${suite.attributes[count]} ${count}`);
    if (Number(suite.attributes.tests) !== all.length) throw new SyntaxError('tests are miscounted');
    return all;
  });
  const properties = root.children.flatMap((suite) =>
    suite.children
      .flatMap(({ name, children }) => (name === 'properties' ? children : []))
      .map(({ attributes: { name, value } }) => ({
        suite: suite.attributes.name!,
        name: name!,
        value: value!,
      })),
  );
  return { name: root.attributes.name ?? '', cases, properties };
}

function caseOf({ attributes, children }: XmlElement, suite: XmlElement): JunitCase {
  const says = children.find(({ name }) => name !== 'system-out');
  const out = children.find(({ name }) => name === 'system-out')?.text;
  return {
    suite: suite.attributes.name!,
    name: attributes.name!,
    classname: attributes.classname!,
    ...(attributes.time !== undefined && { time: attributes.time }),
    ...(says && {
      says: {
        as: says.name,
        message: says.attributes.message ?? '',
        ...(says.attributes.type !== undefined && { type: says.attributes.type }),
      },
    }),
    ...(out !== undefined && { out }),
  };
}
