import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { TareError } from '../../engine/base/errors';

/** Two files of PEM, as a person names them. */
export interface CertificateFiles {
  /** the certificate, and behind it those that lead to a known authority */
  certificate: string;
  key: string;
}

/** What a page is encrypted with. */
export interface Certificate {
  cert: string;
  key: string;
  /** the names and addresses in it, without those with a star */
  names: string[];
  /** whether a browser takes it for this name or address */
  covers(name: string): boolean;
}

type Unusable = 'not-a-certificate' | 'not-a-key' | 'key-is-readable' | 'key-of-another' | 'not-valid-now';
const unusable = (path: string, reason: Unusable | (string & {})): TareError =>
  new TareError({ code: 'certificate-unusable', path, reason });

const readText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unusable(file, error.code ?? error.message);
  });

/** A key that everybody here can read protects nothing. A group may: Debian's `ssl-cert` is made for that. */
async function refuseReadable(key: string): Promise<void> {
  if (process.platform === 'win32') return; // rights are no bits there
  const { mode } = await stat(key);
  if (mode & 0o007) throw unusable(key, 'key-is-readable');
}

function parsed<T>(file: string, reason: Unusable, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw unusable(file, reason);
  }
}

/** Reads and checks what a page is to be encrypted with. @throws {TareError} `certificate-unusable` */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const cert = await readText(files.certificate);
  const key = await readText(files.key);
  await refuseReadable(files.key);
  const x509 = parsed(files.certificate, 'not-a-certificate', () => new X509Certificate(cert));
  // one that is locked by a passphrase counts as none: there is nobody to ask
  const secret = parsed(files.key, 'not-a-key', () => createPrivateKey(key));
  if (!x509.checkPrivateKey(secret)) throw unusable(files.key, 'key-of-another');
  const now = Date.now();
  if (now < Date.parse(x509.validFrom) || now > Date.parse(x509.validTo))
    throw unusable(files.certificate, 'not-valid-now');
  return {
    cert,
    key,
    names: namesIn(x509.subjectAltName ?? ''),
    covers: (name) => (isIP(name) ? x509.checkIP(name) : x509.checkHost(name)) !== undefined,
  };
}

/** Of `DNS:tower.lan, IP Address:192.168.1.7`. */
const namesIn = (alternatives: string): string[] =>
  [...alternatives.matchAll(/(?:DNS|IP Address):([^,"\s]+)/g)]
    .map((match) => match[1]!)
    .filter((name) => !name.includes('*'));
