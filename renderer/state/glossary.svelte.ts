import type { Glossary } from '../../main/contract/words/glossary';
import { fetched } from '../link/fetched';

let loaded = $state.raw<Glossary>();
let asked = false;

/** The glossary, undefined until it is here: it is not fetched before something on the page explains a term. */
export function glossary(): Glossary | undefined {
  if (!asked) {
    asked = true;
    fetched(() => import('../../assets/glossary.json')).then(
      ({ default: texts }) => (loaded = texts as Glossary),
      () => (asked = false), // the next term asks for it again
    );
  }
  return loaded;
}
