/** Where things lie in the agent's image, and how its program is started: with its own loader and libraries, whatever the system has. */

/** All of it: the image's one folder, which is also what a volume of it holds. */
export const imageFolder = '/opt/tare';

/** Relative to that folder, wherever it is. */
export const places = {
  loader: 'loader',
  libraries: 'lib',
  node: 'node',
  busybox: 'busybox',
  package: 'package',
} as const;

/** The words that start Tare's command line. @param folder  where the image's folder lies */
export const programWords = (folder: string): string[] => [
  `${folder}/${places.loader}`,
  '--library-path',
  `${folder}/${places.libraries}`,
  `${folder}/${places.node}`,
  `${folder}/${places.package}/dist/main/cli.cjs`,
];

export const entryPoint = programWords(imageFolder);
