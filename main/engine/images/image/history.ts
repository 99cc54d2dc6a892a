/** Which entry of an image's history made which layer. Pure: the engine does not say it. */

export interface HistoryLine {
  CreatedBy: string;
  /** seconds since 1970; 0 when unknown */
  Created: number;
  Size: number;
  Comment?: string;
}

/** Instructions that change only the image's configuration. */
const configuring =
  /^(CMD|ENTRYPOINT|ENV|EXPOSE|LABEL|USER|ARG|STOPSIGNAL|HEALTHCHECK|VOLUME|ONBUILD|SHELL|MAINTAINER)\b/;

/**
 * For each entry, oldest first, the position of the layer that it made; undefined for those that made none. The answer as a whole is
 * undefined when entries and layers do not add up: then no size may be given to any layer.
 */
export function layersMade(history: HistoryLine[], layers: number): (number | undefined)[] | undefined {
  const ways = [
    (line: HistoryLine) => line.Size > 0,
    (line: HistoryLine) => line.Size > 0 || !configuring.test(instruction(line)),
  ];
  for (const makes of ways) {
    if (history.filter(makes).length !== layers) continue;
    let next = 0;
    return history.map((line) => (makes(line) ? next++ : undefined));
  }
  return undefined;
}

const instruction = ({ CreatedBy }: HistoryLine): string =>
  CreatedBy.replace(/^\/bin\/sh -c #\(nop\)\s*/, '');
