/** A strict little reader of XML, so that a test fails on what a browser would forgive. */

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** its own text, not that of its children */
  text: string;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** @throws {SyntaxError} unless `text` is one well-formed element, without comments or declarations */
export function wellFormed(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) throw new SyntaxError('control character');
  for (let rest = text; rest !== '';) {
    const token = /^(?:<\/([\w-]+)>|<([\w-]+)((?: [\w:-]+="[^"<]*")*)(\/?)>|([^<]+))/.exec(rest);
    if (!token) throw new SyntaxError(`not XML: ${rest.slice(0, 60)}`);
    const [whole, closes, opens, attributes = '', empty, words] = token;
    const inside = open[open.length - 1]!;
    if (words !== undefined) inside.text += decode(words);
    else if (closes !== undefined) {
      if (open.pop()!.name !== closes) throw new SyntaxError(`</${closes}> closes <${inside.name}>`);
    } else {
      const element = { name: opens!, attributes: attributesOf(attributes), children: [], text: '' };
      inside.children.push(element);
      if (empty !== '/') open.push(element);
    }
    rest = rest.slice(whole.length);
  }
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim() !== '') {
    throw new SyntaxError('not one element');
  }
  return root.children[0]!;
}

function attributesOf(words: string): Record<string, string> {
  const found = [...words.matchAll(/ ([\w:-]+)="([^"]*)"/g)];
  const attributes = Object.fromEntries(found.map(([, name, value]) => [name!, decode(value!)]));
  if (Object.keys(attributes).length !== found.length) throw new SyntaxError(`an attribute twice:${words}`);
  return attributes;
}

const decode = (words: string): string =>
  words.replace(/&#(\d+);|&(\w+);|&/g, (whole, code?: string, name?: string) => {
    const character = code ? String.fromCodePoint(Number(code)) : name && entities[name];
    if (!character) throw new SyntaxError(`not an entity: ${whole}`);
    return character;
  });
