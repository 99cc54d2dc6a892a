import { documentOf, picturesOf } from '../document/document';
import { summaryOf } from '../document/summary';
import type { ReportedRecord } from '../report/reported';
import type { TextExporter } from './format';
import { fileOf, paintBlocks } from './markdown/blocks';
import { paintPicture } from './svg';

/**
 * What a person pastes into an issue or a page: the answer first, then the figures by what they are about, then how they were record.
 * Its pictures are files beside it, where files can be written.
 */
export const markdown: TextExporter<ReportedRecord> = {
  files: (record, locale, { stem } = {}) => {
    const text = paintBlocks(documentOf(record, locale, 'text'), locale, stem);
    const pictures = stem === undefined ? [] : picturesOf(record);
    return [
      { content: `${text}\n` },
      ...pictures.map((one) => ({ beside: fileOf(one, stem!), content: paintPicture(one, locale) })),
    ];
  },
};

/** The answer alone, for the summary of a CI job, which shows no pictures of ours. */
export const summary: TextExporter<ReportedRecord> = {
  files: (record, locale) => [{ content: `${paintBlocks(summaryOf(record, locale), locale, undefined)}\n` }],
};
