// Makes a CommonJS module of an ES module, as esbuild prints it without whitespace. All but the
// imports and exports stays as it is, so that the two kinds have the same text.
const IMPORT = /\bimport\{([^}]*)\}from("[^"]+");/g;
const IMPORT_ALONE = /\bimport("[^"]+");/g;
const EXPORT_FROM = /\bexport\{([^}]*)\}from("[^"]+");/g;
const EXPORT_LIST = /\bexport\{([^}]*)\};?/g;
const EXPORT_DECLARED = /\bexport (const|let|async function|function|class) (\w+)/g;
/** A directive counts only before every statement. */
const DIRECTIVES = /^(?:"use \w+";)*/;
const LEFT = /\b(?:import|export)(?:[ *{"]|\.meta)/;

/** Returns the names of a list such as `a,b as c`: each as it is inside, and as it is outside. */
const pairsIn = (list) =>
  list
    .split(',')
    .filter(Boolean)
    .map((one) => {
      const [inside, outside = inside] = one.split(' as ');
      return [inside, outside];
    });

/**
 * Returns the text of the CommonJS module. Its exports are set at the end: no module of the package
 * imports one that imports it.
 *
 * @throws {Error} for an import or an export of another form
 */
export function commonJsOf(code) {
  const exported = [];
  const body = code
    .replace(IMPORT, (_, list, from) => `const{${list.replaceAll(' as ', ':')}}=require(${from});`)
    .replace(IMPORT_ALONE, (_, from) => `require(${from});`)
    .replace(EXPORT_FROM, (_, list, from) => {
      for (const [inside, outside] of pairsIn(list))
        exported.push(`exports.${outside}=require(${from}).${inside};`);
      return '';
    })
    .replace(EXPORT_LIST, (_, list) => {
      for (const [inside, outside] of pairsIn(list)) exported.push(`exports.${outside}=${inside};`);
      return '';
    })
    .replace(EXPORT_DECLARED, (_, kind, name) => {
      exported.push(`exports.${name}=${name};`);
      return `${kind} ${name}`;
    });
  if (LEFT.test(body)) throw new Error(`cannot be made CommonJS: ${LEFT.exec(body)[0]}`);
  const [directives] = DIRECTIVES.exec(body);
  const head = `${directives}"use strict";Object.defineProperty(exports,"__esModule",{value:!0});`;
  return `${head}${body.slice(directives.length).trimEnd()}${exported.join('')}\n`;
}
