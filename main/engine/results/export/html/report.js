'use strict';
(() => {
  const words = JSON.parse(document.body.dataset.words);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (tag, fields, parent) =>
    parent.appendChild(Object.assign(document.createElement(tag), fields));

  /* Tables: a click on a column's title sorts by its values, a second one turns the order around. */
  const compare = (a, b) => (a === '' ? 1 : b === '' ? -1 : a - b || a.localeCompare(b));
  const valueOf = (row, at) => row.cells[at].dataset.value ?? row.cells[at].textContent;
  for (const table of all('table')) {
    const titles = all('thead th', table);
    titles.forEach((title, at) => {
      const text = title.textContent;
      title.textContent = '';
      make('button', { type: 'button', textContent: text }, title).onclick = () => {
        const turn = title.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
        for (const other of titles) other.removeAttribute('aria-sort');
        title.setAttribute('aria-sort', turn === 1 ? 'ascending' : 'descending');
        const rows = all('tbody tr', table).sort((a, b) => turn * compare(valueOf(a, at), valueOf(b, at)));
        table.tBodies[0].append(...rows);
      };
    });
  }

  /* One bar for the whole page: show only rows with some words in them, unfold everything, choose the theme. */
  const bar = make('div', { className: 'bar' }, document.querySelector('header'));
  const filter = make('input', { type: 'search', placeholder: words.filter, ariaLabel: words.filter }, bar);
  filter.oninput = () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const row of all('tbody tr')) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    // what is found must be seen
    if (wanted !== '') for (const fold of all('details.table')) fold.open = true;
  };
  const folds = all('details');
  const unfold = make('button', { type: 'button', textContent: words.unfold }, bar);
  unfold.onclick = () => {
    const open = folds.some((fold) => !fold.open);
    for (const fold of folds) fold.open = open;
    unfold.textContent = open ? words.fold : words.unfold;
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const theme = make('button', { type: 'button' }, bar);
  const showTheme = () => {
    const shown = document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light');
    theme.textContent = shown === 'dark' ? words.light : words.dark;
    return shown;
  };
  theme.onclick = () => {
    document.documentElement.dataset.theme = showTheme() === 'dark' ? 'light' : 'dark';
    showTheme();
  };
  dark.addEventListener('change', showTheme);
  showTheme();

  /* Each chart as a file. It is always the light one: a slide or a paper is. */
  const save = (blob, name) => {
    const link = Object.assign(document.createElement('a'), {
      href: URL.createObjectURL(blob),
      download: name,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  for (const figure of all('figure')) {
    const drawing = figure.querySelector('svg');
    const name = 'tare-' + figure.dataset.name;
    const asBlob = () =>
      new Blob([new XMLSerializer().serializeToString(drawing)], { type: 'image/svg+xml' });
    const tools = make('div', { className: 'tools' }, figure);
    make('button', { type: 'button', textContent: 'SVG', title: words.saveSvg }, tools).onclick = () =>
      save(asBlob(), name + '.svg');
    make('button', { type: 'button', textContent: 'PNG', title: words.savePng }, tools).onclick = () => {
      const picture = new Image();
      picture.onload = () => {
        const { width, height } = drawing.viewBox.baseVal;
        const canvas = Object.assign(document.createElement('canvas'), {
          width: width * 2,
          height: height * 2,
        });
        canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
        canvas.toBlob((blob) => save(blob, name + '.png'));
        URL.revokeObjectURL(picture.src);
      };
      picture.src = URL.createObjectURL(asBlob());
    };
  }
})();
