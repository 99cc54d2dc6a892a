import { describe, expect, test } from 'vitest';
import { instructionsOf, needsBuildkit } from '../../../../../../main/engine/images/image/build/dockerfile';

test('instructions have the line that they begin on; comments and texts of heredocs are none', () => {
  const text = [
    '# syntax of ours',
    'ARG V=1',
    '',
    'FROM scratch AS base',
    'RUN one && \\',
    '  # between',
    '  two',
    'RUN <<EOF',
    'FROM nothing',
    'EOF',
    'COPY <<-"A" <<B /x/',
    'RUN no',
    '\tA',
    'CMD no',
    'B',
    'CMD ["x"]',
  ].join('\n');
  expect(instructionsOf(text).map(({ line, text: words }) => `${line} ${words}`)).toEqual([
    '2 ARG V=1',
    '4 FROM scratch AS base',
    '5 RUN one && two',
    '8 RUN <<EOF',
    '11 COPY <<-"A" <<B /x/',
    '16 CMD ["x"]',
  ]);
});

describe('what only BuildKit carries out', () => {
  test.each([
    'RUN --mount=type=cache,target=/c make',
    'run --network=none --mount=type=secret,id=x make',
    'COPY --chmod=0755 a /a',
    'COPY --from=base --link a /a',
    'ADD --checksum=sha256:12 https://example.org/a /a',
    'COPY --exclude=*.md . /',
    'RUN <<EOF\nmake\nEOF',
    'RUN <<-"END" sh\nmake\nEND',
    'COPY <<index.html /www/\n<p>\nindex.html',
    'ONBUILD RUN --mount=type=cache,target=/c make',
    'RUN cat <<EOF > /x\ny\nEOF',
  ])('%s', (line) => {
    const found = needsBuildkit(`FROM scratch\n${line}\nCMD ["x"]`);
    expect(found?.line).toBe(2);
  });

  test.each([
    'RUN echo --mount=type=cache',
    'COPY --from=base a /a',
    'COPY --chown=1:1 a /a',
    'ADD --chown=1:1 a /a',
    'RUN echo $((1<<4))',
    'RUN bash -c "cat <<<word"',
    'ENV A="RUN --mount=x"',
    'CMD ["sh", "-c", "cat <<EOF"]',
    '# RUN --mount=type=cache true',
  ])('not: %s', (line) => {
    expect(needsBuildkit(`FROM scratch\n${line}\n`)).toBeUndefined();
  });
});
